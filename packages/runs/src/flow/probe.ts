/** Problems that choose the checkpoint which counts: held out, and none of those that `before` and `after` are measured on. */
import { deriveKey, itemsOf, parseItem, type Task } from "@rrr/core";
import { evaluate, resultOf } from "@rrr/trainer";
import { limitsOf } from "../spec/run-limits.ts";
import { retrySettings } from "../spec/run-retry.ts";
import type { TrainingPlan } from "../spec/run-spec.ts";
import { itemJson } from "../store/item-json.ts";
import type { ProbeScore } from "../store/training-rows.ts";
import type { HeldOut } from "./held-out.ts";
import type { TrainingContext } from "./run-context.ts";

/** With fewer a score says nothing. */
export const LEAST_PROBLEMS = 16;
/** A source that gives nothing new for so long has nothing more. */
const MOST_REPEATS = 1_000;

/** @returns as many as there are, `count` at most */
export async function probeItems(
  task: Task,
  { seed }: Pick<TrainingPlan, "seed">,
  { items }: Pick<HeldOut, "items">,
  count: number,
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  if (count === 0) return found;
  const known = new Set(items.map(itemJson));
  let passed = 0;
  let repeats = 0;
  for await (const item of itemsOf(task, "test", seed)) {
    // Those of the evaluations come first.
    if (passed++ < items.length) continue;
    const json = itemJson(item);
    if (known.has(json)) {
      if (++repeats >= MOST_REPEATS) break;
      continue;
    }
    repeats = 0;
    known.add(json);
    await parseItem(task, item);
    if (found.push(item) >= count) break;
  }
  return found;
}

/** Measures the weights as they are, the same problems with the same random numbers each time, and keeps what it finds. */
export async function probe(
  { task, model, spec, plan, store, signal }: TrainingContext,
  items: readonly unknown[],
  step: number,
): Promise<ProbeScore> {
  const settings = {
    ...plan.evaluation,
    ...retrySettings(spec),
    ...{ samples: 1, controls: false, greedy: false, seed: deriveKey(plan.seed, "probe") },
    limits: limitsOf(spec, task),
    signal,
  };
  const { table } = await resultOf(evaluate(task, model.counting, items, settings));
  const outcomes = table.map((samples) => samples[0] ?? {});
  store.addProbe(step, outcomes);
  const count = (what: boolean | undefined): number => outcomes.filter(({ after }) => after === what).length;
  return { step, passed: count(true), errored: count(undefined), of: items.length };
}
