/**
 * The flow of a run. Each stage resumes from what the store has of it, so that a run that was interrupted comes to what it
 * would have come to.
 */
import type { Evaluation } from "@rrr/trainer";
import { historyText } from "../report/history-text.ts";
import { notesOf } from "../report/notes.ts";
import { chosenOf, type Result, toResult } from "../report/result.ts";
import { trainingOutcome } from "../report/training-outcome.ts";
import { retrySettings } from "../spec/run-retry.ts";
import { evaluateStage } from "./evaluate-stage.ts";
import type { RunEvent, SpentEvent } from "./events.ts";
import { refuseFailureless } from "./look-stage.ts";
import { mineStage } from "./mine-stage.ts";
import type { RunContext, TrainingContext } from "./run-context.ts";
import { trainStage } from "./train-stage.ts";

/** Evaluate, and say what it took. @param before what is said before anything is asked */
export async function* evaluationFlow(
  context: RunContext,
  spent: () => SpentEvent,
  before: () => readonly RunEvent[] = () => [],
): AsyncGenerator<RunEvent, Result, undefined> {
  yield* templateNote(context);
  yield* before();
  const measured = yield* evaluateStage(context, "evaluate");
  yield spent();
  return resultOfRun(context, measured);
}

/** Evaluate, collect failures, train, evaluate again on the same problems. */
export async function* trainingFlow(context: TrainingContext): AsyncGenerator<RunEvent, Result, undefined> {
  yield* templateNote(context);
  const { runtime } = context.engine;
  if (runtime !== undefined) yield { kind: "note", text: runtime.note };
  const before = yield* evaluateStage(context, "before");
  yield* refuseFailureless(context, before);
  const failures = yield* mineStage(context);
  yield* trainStage(context, failures, before);
  const after = yield* evaluateStage(context, "after");
  return resultOfRun(context, before, after);
}

function* templateNote({ history, spec }: RunContext): Generator<RunEvent> {
  const { retryLayout } = retrySettings(spec);
  if (history !== undefined) yield { kind: "template", history, text: historyText(history, retryLayout) };
}

function resultOfRun(
  { task, spec, store, history }: RunContext,
  first: Evaluation,
  second?: Evaluation,
): Result {
  const { plan, model } = spec;
  const trained = plan.kind === "train" ? plan.train : undefined;
  const training = plan.kind === "train" && plan.rails !== undefined ? trainingOutcome(store) : undefined;
  const notes = notesOf(store.identity());
  const changes = store.changes();
  const header = {
    ...{ task: task.name, model: model.name, seed: plan.seed, notes, ...chosenOf(spec) },
    ...(changes.length > 0 && { changes }),
  };
  return toResult(
    {
      ...header,
      steps: trained === undefined ? 0 : store.trained().steps,
      reward: trained?.reward ?? "retry",
      ...(history === undefined ? {} : { history }),
      ...(training === undefined ? {} : { training }),
    },
    first,
    second,
  );
}
