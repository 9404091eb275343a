import { type Evaluation, type EvaluationProgress, evaluate } from "@rrr/trainer";
import { limitsOf } from "../spec/run-limits.ts";
import { retrySettings } from "../spec/run-retry.ts";
import type { ProgressEvent, RunEvent } from "./events.ts";
import { withPulse } from "./pulse.ts";
import { type RunContext, waiting } from "./run-context.ts";
import { createSpeed } from "./speed.ts";
import type { EvaluationStage } from "./stages.ts";

/** Reasons for errors that an event names; result.json has all. */
const REASONS = 3;
const PULSE_MS = 1_000;

/** Evaluates the model as it is now on the held-out problems; units that are in the store are not done again. */
export async function* evaluateStage(
  { task, model, heldOut, store, spec, signal }: RunContext,
  stage: EvaluationStage,
): AsyncGenerator<RunEvent, Evaluation, undefined> {
  yield { kind: "stage", stage };
  const record = store.record(stage, heldOut.items);
  const limits = limitsOf(spec, task);
  const settings = { ...spec.plan.evaluation, ...retrySettings(spec), limits, record, signal };
  const speed = createSpeed();
  const unit = settings.samples === 1 ? "problems" : "samples";
  const known = record.tally();
  const total = heldOut.items.length * settings.samples;
  let last: Progress = {
    part: "episodes",
    done: known.episodes,
    total,
    first: undefined,
    after: undefined,
    errored: known.errored,
  };
  const progress = (sampledTokens: number): ProgressEvent => {
    const { part, done, total, first, after, errored } = last;
    return {
      kind: "progress",
      stage,
      part,
      done,
      total,
      unit,
      first,
      after,
      errored,
      ...(model.traffic === undefined ? {} : { traffic: model.traffic() }),
      ...waiting(model),
      ...speed(sampledTokens),
    };
  };

  yield progress(model.sampledTokens());
  const work = withPulse(evaluate(task, model.counting, heldOut.items, settings), PULSE_MS);
  try {
    for (;;) {
      const next = await work.next();
      if (next.done) {
        const { rates, errored, answers, errors } = next.value;
        yield { kind: "evaluation", stage, rates, errored, answers, reasons: errors.slice(0, REASONS) };
        return next.value;
      }
      if (next.value !== undefined) {
        last = next.value;
        yield { kind: "unit", stage, result: next.value.result };
      }
      yield progress(model.sampledTokens());
    }
  } finally {
    await work.return(undefined as never);
  }
}

type Progress = Pick<EvaluationProgress, "part" | "done" | "total" | "first" | "after" | "errored">;
