import { setImmediate } from "node:timers/promises";
import {
  checkSettings,
  deriveKey,
  type FailedAttempt,
  type Model,
  type RolloutSettings,
  RrrError,
  runAttempt,
  type SettingChecks,
  setting,
  type Task,
  tokenCount,
} from "@rrr/core";
import { ROLLOUT_CHECKS } from "./rollout-checks.ts";
import { inOrder } from "./streams/in-order.ts";

/** What reflections are trained on: an attempt that failed, with all that it was shown and wrote. */
export type MinedFailure<Item = unknown> = FailedAttempt<Item>;

export interface MiningSettings extends Omit<RolloutSettings, "rounds"> {
  /** K: most attempts at one problem; the next problem's turn comes at the first failure. */
  readonly attempts: number;
  /** Mining ends with so many failures. */
  readonly limit: number;
  /** Most distinct problems tried: a model that masters an endless source would be asked for ever. */
  readonly maxItems: number;
  /** Problems under way at once; changes speed, never results. */
  readonly concurrency: number;
}

/** K = 64 is the paper's; an endless source of problems needs the limits. */
export const DEFAULT_MINING_SETTINGS: MiningSettings = {
  seed: 0,
  temperature: 1,
  attempts: 64,
  limit: 2_400,
  maxItems: 100_000,
  concurrency: 1_024,
};

const CHECKS: SettingChecks<MiningSettings> = {
  ...ROLLOUT_CHECKS,
  temperature: setting.number(0),
  attempts: setting.wholeNumber(1),
  limit: setting.wholeNumber(0),
  maxItems: setting.wholeNumber(0),
  concurrency: setting.wholeNumber(1),
};

/** Counts so far. */
export interface MiningProgress {
  /** Distinct problems finished, and how many of them the model never failed. */
  readonly items: number;
  readonly mastered: number;
  readonly failures: number;
  /** Attempts that could not be made or checked. */
  readonly errored: number;
  readonly attempts: number;
  readonly sampledTokens: number;
  /** Problems left out because an equal one had come before. */
  readonly duplicates: number;
}

/**
 * Samples each training problem up to K times and keeps those that the model fails at least once, with the
 * failed attempt. The same settings give the same failures, whatever the concurrency.
 * @returns failures in the order of their problems; fewer than `limit` if the problems ran out, `maxItems` were
 *   tried, or 10,000 in a row had all come before.
 * @throws bad-argument, aborted
 */
export async function* mine<Item>(
  task: Task<Item>,
  model: Model,
  items: Iterable<Item> | AsyncIterable<Item>,
  settings: Partial<MiningSettings> = {},
): AsyncGenerator<MiningProgress, readonly MinedFailure<Item>[], undefined> {
  const chosen = checkSettings("mine", { ...DEFAULT_MINING_SETTINGS, ...settings }, CHECKS);
  const { attempts, limit, maxItems, concurrency, ...rollout } = chosen;
  const counts = {
    items: 0,
    mastered: 0,
    failures: 0,
    errored: 0,
    attempts: 0,
    sampledTokens: 0,
    duplicates: 0,
  };
  const failures: MinedFailure<Item>[] = [];
  const searches = inOrder(
    distinct(items, maxItems, rollout.signal, () => counts.duplicates++),
    concurrency,
    rollout.signal,
    search,
  );

  async function search(item: Item, index: number, signal: AbortSignal): Promise<Search<Item>> {
    const found = { attempts: 0, errored: 0, sampledTokens: 0 };
    for (let attempt = 0; attempt < attempts; attempt++) {
      const seed = deriveKey(rollout.seed, "mine", index, attempt);
      const outcome = await runAttempt(task, model, item, { ...rollout, seed, signal });
      found.attempts++;
      if (outcome.kind === "errored") found.errored++;
      else found.sampledTokens += tokenCount(outcome.attempt.completion) ?? 0;
      if (outcome.kind === "failed") return { ...found, failure: outcome };
    }
    return found;
  }

  if (limit < 1) return failures;
  for await (const { failure, ...found } of searches) {
    counts.items++;
    counts.attempts += found.attempts;
    counts.errored += found.errored;
    counts.sampledTokens += found.sampledTokens;
    if (failure !== undefined) counts.failures = failures.push(failure);
    else if (found.errored < found.attempts) counts.mastered++;
    yield { ...counts };
    if (failures.length >= limit) break;
  }
  return failures;
}

interface Search<Item> {
  readonly attempts: number;
  readonly errored: number;
  readonly sampledTokens: number;
  readonly failure?: MinedFailure<Item>;
}

/** A source that repeats itself so often has nothing new left to give. */
const MOST_REPEATS = 10_000;
/** A source that never waits would keep timers and signals from running. */
const REPEATS_WITHOUT_PAUSE = 500;

async function* distinct<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  signal: AbortSignal | undefined,
  onDuplicate: () => void,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  let repeats = 0;
  if (most < 1) return;
  for await (const item of items) {
    const key = JSON.stringify(item);
    if (seen.has(key)) {
      onDuplicate();
      if (++repeats >= MOST_REPEATS) return;
      if (repeats % REPEATS_WITHOUT_PAUSE === 0) await pause(signal);
    } else {
      repeats = 0;
      seen.add(key);
      yield item;
      if (seen.size >= most) return;
    }
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new RrrError("aborted", "the caller aborted", { cause: signal.reason });
}
