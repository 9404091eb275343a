import { setImmediate } from "node:timers/promises";
import {
  checkSettings,
  deriveKey,
  type FailedAttempt,
  type Model,
  parseItem,
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
  /** Counts of an earlier mining with the same settings that was interrupted: its problems are not tried again. */
  readonly after?: MiningCounts;
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
  after: setting.optional(
    setting.group({
      items: setting.wholeNumber(0),
      mastered: setting.wholeNumber(0),
      failures: setting.wholeNumber(0),
      errored: setting.wholeNumber(0),
      attempts: setting.wholeNumber(0),
      sampledTokens: setting.wholeNumber(0),
    } satisfies SettingChecks<MiningCounts>),
  ),
};

/** Whether each setting is known and in its range. @throws RrrError `bad-argument` */
export function checkMiningSettings(settings: MiningSettings): void {
  checkSettings("mine", settings, CHECKS);
}

/** Counts so far. */
export interface MiningCounts {
  /** Distinct problems finished, and how many of them the model never failed. */
  readonly items: number;
  readonly mastered: number;
  readonly failures: number;
  /** Attempts that could not be made or checked. */
  readonly errored: number;
  readonly attempts: number;
  readonly sampledTokens: number;
}

/** A problem is finished. */
export interface MiningProgress<Item = unknown> extends MiningCounts {
  /** The problem as `items` gave it. */
  readonly item: Item;
  /** Where the model failed it. */
  readonly failure?: MinedFailure<Item>;
  /** Problems left out because an equal one had come before. */
  readonly duplicates: number;
}

/**
 * Samples each training problem up to K times and keeps those that the model fails at least once, with the
 * failed attempt. The same settings give the same failures, whatever the concurrency.
 * @param items as `task.items` gives them: each is parsed with the task's schema when its turn comes
 * @returns failures in the order of their problems, without those of an earlier mining; fewer than `limit` if the
 *   problems ran out, `maxItems` were tried, or 10,000 in a row had all come before.
 * @throws RrrError `bad-argument`, `bad-item`, `aborted`, `budget-spent`, `diverged`, `bad-model`
 */
export async function* mine<Item>(
  task: Task<Item>,
  model: Model,
  items: Iterable<Item> | AsyncIterable<Item>,
  settings: Partial<MiningSettings> = {},
): AsyncGenerator<MiningProgress<Item>, readonly MinedFailure<Item>[], undefined> {
  const chosen = { ...DEFAULT_MINING_SETTINGS, ...settings };
  checkMiningSettings(chosen);
  const { attempts, limit, maxItems, concurrency, after, ...rollout } = chosen;
  const counts = { ...(after ?? NOTHING) };
  let duplicates = 0;
  const failures: MinedFailure<Item>[] = [];
  const searches = inOrder(
    distinct(items, counts.items, maxItems, rollout.signal, () => duplicates++),
    concurrency,
    rollout.signal,
    search,
  );

  async function search(
    { index, item: raw }: Numbered<Item>,
    _: number,
    signal: AbortSignal,
  ): Promise<Search<Item>> {
    const item = await parseItem(task, raw);
    const found = { item: raw, attempts: 0, errored: 0, sampledTokens: 0 };
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

  if (counts.failures >= limit) return failures;
  for await (const { failure, item, ...found } of searches) {
    counts.items++;
    counts.attempts += found.attempts;
    counts.errored += found.errored;
    counts.sampledTokens += found.sampledTokens;
    if (failure !== undefined) {
      failures.push(failure);
      counts.failures++;
    } else if (found.errored < found.attempts) counts.mastered++;
    yield { ...counts, item, duplicates, ...(failure === undefined ? {} : { failure }) };
    if (counts.failures >= limit) break;
  }
  return failures;
}

const NOTHING: MiningCounts = {
  items: 0,
  mastered: 0,
  failures: 0,
  errored: 0,
  attempts: 0,
  sampledTokens: 0,
};

/** A distinct problem and its place among them: seeds depend on it. */
interface Numbered<Item> {
  readonly index: number;
  readonly item: Item;
}

interface Search<Item> {
  readonly item: Item;
  readonly attempts: number;
  readonly errored: number;
  readonly sampledTokens: number;
  readonly failure?: MinedFailure<Item>;
}

/** A source that repeats itself so often has nothing new left to give. */
const MOST_REPEATS = 10_000;
/** A source that never waits would keep timers and signals from running. */
const REPEATS_WITHOUT_PAUSE = 500;

/** Items that no equal one came before: from the `first`-th on, at most `most` in all. */
async function* distinct<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  first: number,
  most: number,
  signal: AbortSignal | undefined,
  onDuplicate: () => void,
): AsyncGenerator<Numbered<Item>, void, undefined> {
  const seen = new Set<string>();
  let repeats = 0;
  if (most <= first) return;
  for await (const item of items) {
    const key = JSON.stringify(item);
    if (seen.has(key)) {
      onDuplicate();
      if (++repeats >= MOST_REPEATS) return;
      if (repeats % REPEATS_WITHOUT_PAUSE === 0) await pause(signal);
    } else {
      repeats = 0;
      const index = seen.size;
      seen.add(key);
      if (index >= first) yield { index, item };
      if (seen.size >= most) return;
    }
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new RrrError("aborted", "the caller aborted", { cause: signal.reason });
}
