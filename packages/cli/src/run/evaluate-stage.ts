import { type Evaluation, type EvaluationProgress, evaluate, MEASURES } from "@rrr/trainer";
import { count, percent } from "../display/format.ts";
import type { Progress } from "../display/progress.ts";
import type { MeasureRow } from "../store/run-store.ts";
import { drain } from "./drain.ts";
import type { RunContext } from "./run-context.ts";

/** Evaluates the policy as it is now on the held-out problems, and keeps what it did. */
export async function evaluateStage(context: RunContext, stage: "before" | "after"): Promise<Evaluation> {
  const { task, policy, heldOut, plan, store, display, emit } = context;
  const started = performance.now();
  const evaluation = await drain(evaluate(task, policy, heldOut, { seed: plan.seed }), (progress) =>
    display.update(toProgress(stage, progress, (performance.now() - started) / 1000)),
  );
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

function toProgress(stage: "before" | "after", progress: EvaluationProgress, seconds: number): Progress {
  const { first, after, errored, sampledTokens, done, total } = progress;
  const facts: (readonly [string, string])[] = [];
  if (first !== undefined) facts.push(["first try", percent(first)]);
  if (after !== undefined) facts.push(["after reflection", percent(after)]);
  if (errored > 0) facts.push(["errored", String(errored)]);
  facts.push(["tokens/s", count(sampledTokens / seconds)]);
  return { stage: `${stage}: ${progress.stage}`, done, total, unit: "problems", facts };
}
