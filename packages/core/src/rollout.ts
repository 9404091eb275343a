import type { AttemptOutcome, Errored } from "./episode.ts";
import { messageOf, RrrError, type RrrErrorCode } from "./errors.ts";
import type { Message } from "./message.ts";
import type { Completion, Model } from "./model.ts";
import type { RetryLayout } from "./retry-layout.ts";
import type { Task, TokenLimits } from "./task.ts";
import type { VerifySettings } from "./time-limit.ts";
import { verifyWithin } from "./verify.ts";

export interface RolloutSettings {
  /** All randomness of the rollout comes from it. */
  readonly seed: number;
  /** Of attempts and reflections; 0 = greedy. */
  readonly temperature: number;
  /** Of retries. Default: as `temperature`. */
  readonly retryTemperature?: number;
  /** What retries are shown. Default: the task's, else `conversation`. */
  readonly retryLayout?: RetryLayout;
  /** Reflections, with a retry each, that a failed attempt gets. Default 1; only whole episodes have more. */
  readonly rounds?: number;
  /** Default: the task's. */
  readonly limits?: TokenLimits;
  /** Default: `DEFAULT_VERIFY_TIMEOUT_MS`. */
  readonly verifyTimeoutMs?: number;
  /** Aborting rejects what is under way with RrrError `aborted`. */
  readonly signal?: AbortSignal;
}

/** Draws `n` completions. @throws RrrError `model-failed` when the model returns another number of them. */
export async function draw(
  model: Model,
  prompt: readonly Message[],
  n: number,
  maxTokens: number,
  { seed, temperature, signal }: RolloutSettings,
): Promise<readonly Completion[]> {
  signal?.throwIfAborted();
  const options = { n, maxTokens, temperature, seed, ...(signal === undefined ? {} : { signal }) };
  const completions = await model.generate(prompt, options);
  if (completions.length !== n) {
    throw new RrrError(
      "model-failed",
      `model "${model.id}" returned ${completions.length} completions where ${n} were asked for`,
    );
  }
  return completions;
}

/** Draws one answer to a prompt for an item and checks it. */
export async function answer<Item>(
  task: Task<Item>,
  model: Model,
  item: Item,
  prompt: readonly Message[],
  settings: RolloutSettings,
): Promise<AttemptOutcome<Item>> {
  const [drawn] = await draw(model, prompt, 1, (settings.limits ?? task.limits).attempt, settings);
  const completion = drawn as Completion;
  const verdict = await verifyWithin(task, item, completion.text, verifySettings(settings));
  if (verdict.kind === "invalid") return { kind: "errored", item, error: verdict.error, turn: "attempt" };
  const attempt = { prompt, completion, verdict };
  return { kind: verdict.kind === "pass" ? "solved" : "failed", item, attempt };
}

/** Settings for an answer that is a retry: with the limit and the temperature of retries. */
export function asRetry<Item>(task: Task<Item>, settings: RolloutSettings): RolloutSettings {
  const limits = settings.limits ?? task.limits;
  return {
    ...settings,
    temperature: settings.retryTemperature ?? settings.temperature,
    limits: { ...limits, attempt: limits.retry ?? limits.attempt },
  };
}

/** What of a rollout's settings its verifier gets. */
function verifySettings({ verifyTimeoutMs, signal }: RolloutSettings): VerifySettings {
  return {
    ...(verifyTimeoutMs === undefined ? {} : { timeoutMs: verifyTimeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** What is no matter of one item: it would befall every other, and a share of the rest would be false. */
const ENDS_THE_RUN: ReadonlySet<RrrErrorCode> = new Set(["aborted", "budget-spent", "diverged", "bad-model"]);

/**
 * Turns whatever a rollout throws into data, except what ends the whole run.
 * @throws RrrError `aborted`, `budget-spent` from a model that has a budget; `diverged`, `bad-model` from one that is
 *   broken
 */
export async function orErrored<Item, Result>(
  item: Item,
  settings: RolloutSettings,
  rollout: () => Promise<Result>,
): Promise<Result | Errored<Item>> {
  try {
    const result = await rollout();
    settings.signal?.throwIfAborted();
    return result;
  } catch (cause) {
    if (RrrError.is(cause) && ENDS_THE_RUN.has(cause.code)) throw cause;
    if (settings.signal?.aborted) throw new RrrError("aborted", "the rollout was aborted", { cause });
    const error = RrrError.is(cause)
      ? cause
      : new RrrError("model-failed", `the model failed: ${messageOf(cause)}`, { cause });
    return { kind: "errored", item, error, turn: "attempt" };
  }
}
