import { type Evaluation, type EvaluationProgress, evaluate, MEASURES } from "@rrr/trainer";
import { percent } from "../display/format.ts";
import type { Progress } from "../display/progress.ts";
import type { MeasureRow } from "../store/run-store.ts";
import { drain } from "./drain.ts";
import type { RunContext } from "./run-context.ts";
import { showStage } from "./show-stage.ts";

/** Evaluates the policy as it is now on the held-out problems, and keeps what it did. */
export async function evaluateStage(context: RunContext, stage: "before" | "after"): Promise<Evaluation> {
  const { task, meter, heldOut, plan, store, emit } = context;
  context.enter(stage);
  const evaluation = await showStage(context, (look) => {
    look(toProgress(stage, { stage: "episodes", done: 0, total: heldOut.length, errored: 0 }));
    const work = evaluate(task, meter.model, heldOut, { seed: plan.seed });
    return drain(work, (progress) => look(toProgress(stage, progress)));
  });
  const place = { stage: `evaluate-${stage}`, member: 0 };
  store.addEvaluation(
    stage,
    measureRows(evaluation),
    evaluation.items.map(({ episode }, problem) => ({ ...place, problem, episode })),
  );
  emit({ kind: "evaluation", stage, rates: evaluation.rates, errored: evaluation.errored });
  return evaluation;
}

function measureRows({ rates }: Evaluation): readonly MeasureRow[] {
  return MEASURES.flatMap((measure) => {
    const rate = rates[measure];
    if (rate === undefined) return [];
    const { passed, of, value, low, high } = rate;
    return [{ measure, successes: passed, trials: of, share: value, low, high }];
  });
}

function toProgress(
  stage: "before" | "after",
  progress: Pick<EvaluationProgress, "stage" | "done" | "total" | "errored"> & Partial<EvaluationProgress>,
): Progress {
  const { first, after, errored, done, total } = progress;
  const facts: (readonly [string, string])[] = [];
  if (first !== undefined) facts.push(["first try", percent(first)]);
  if (after !== undefined) facts.push(["after reflection", percent(after)]);
  if (errored > 0) facts.push(["errored", String(errored)]);
  return { stage: `${stage}: ${progress.stage}`, done, total, unit: "problems", facts };
}
