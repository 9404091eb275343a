/**
 * Reflect, Retry, Reward. For each step:
 *
 *   1. pick failed attempts;
 *   2. sample a group of reflections on each, and one retry after each reflection;
 *   3. reward a reflection with 1 if its retry passes, else 0 (or as `reward` says);
 *   4. advantage = reward relative to its group; groups with equal rewards carry no signal and are dropped, or
 *      replaced (`refills`): 1 to 4 are in sample-groups.ts;
 *   5. one gradient step on the reflections' tokens, and on no others.
 *
 * All differences from the paper are listed in docs/algorithm.md.
 * @see https://arxiv.org/abs/2505.24726
 */
import { retryLayoutOf, type Task } from "@rrr/core";
import { checkCapabilities } from "../check-capabilities.ts";
import type { Engine } from "../engine.ts";
import type { MinedFailure } from "../mine.ts";
import { createPolicy } from "../policy.ts";
import { figuresOf } from "../watch/step-figures.ts";
import { checkHistory } from "./check-history.ts";
import { checkTraining } from "./check-train-settings.ts";
import { rewardedReflections } from "./reward.ts";
import { sampleGroups } from "./sample-groups.ts";
import { type StepReport, summarize } from "./step-report.ts";
import { TRAIN_SETTINGS, type TrainSettings } from "./train-settings.ts";
import { learn } from "./update.ts";

/**
 * Trains the engine's weights, one report a step; the caller's loop displays, logs, saves and stops.
 * @throws bad-argument, bad-model, no-failures, model-failed if every episode of a step errored, aborted
 */
export async function* train<Item>(
  task: Task<Item>,
  engine: Engine,
  failures: readonly MinedFailure<Item>[],
  settings: Partial<TrainSettings<Item>> = {},
): AsyncGenerator<StepReport<Item>, void, undefined> {
  const { limits = task.limits } = settings;
  const all = { ...TRAIN_SETTINGS.builtin, ...settings, limits };
  const chosen = checkTraining(all, failures.length, engine);
  checkCapabilities(engine, chosen);
  const { steps, failuresPerStep, groupSize } = chosen;
  const policy = createPolicy(engine);
  checkHistory(policy.history, retryLayoutOf(task, chosen));
  const sampler = { task, engine, policy, failures, settings: chosen };

  for (let step = chosen.firstStep; step < steps; step++) {
    const started = performance.now();
    const groups = await sampleGroups(sampler, step);
    const summary = summarize(groups, failuresPerStep);
    chosen.onSampled?.(figuresOf({ step: step + 1, ...summary }));
    const sampled = performance.now();
    const rewarded = groups.flatMap(rewardedReflections);
    const drawn = groups.length * groupSize;
    const update = rewarded.length === 0 ? undefined : await learn(engine, rewarded, chosen, step, drawn);
    const seconds = { sampling: (sampled - started) / 1000, update: (performance.now() - sampled) / 1000 };
    yield { step: step + 1, steps, ...summary, update, seconds };
  }
}
