import {
  type AttemptOutcome,
  blindRetryPrompt,
  type Completion,
  deriveKey,
  type Episode,
  type Message,
  type Model,
  type RolloutSettings,
  RrrError,
  reflectionLeaks,
  retryPrompt,
  runAnswer,
  runAttempt,
  type Task,
  toFailure,
  tokenCount,
} from "@rrr/core";
import type { Outcomes } from "./evaluation.ts";
import type { ControlAnswer, ControlError } from "./evaluation-record.ts";
import { isSampledAlike, retryConditionsOf, retryControlsOf } from "./retry-controls.ts";

/** What all controls of one sample share; the rollout's seed is the sample's own. */
interface Setting<Item> {
  readonly task: Task<Item>;
  readonly model: Model;
  readonly rollout: RolloutSettings;
}

/** What the controls of one sample came to. */
interface Controls {
  readonly outcomes: Outcomes;
  readonly answers: readonly ControlAnswer[];
  readonly errors: readonly ControlError[];
}

type Reflected<Item> = Extract<Episode<Item>, { kind: "reflected" }>;

/**
 * Everything that a reflection must beat, for one sample of an item; the first attempt is shared with its episode.
 * @param donor a reflection written for another item; undefined if there is none
 * @param hasDonors whether the items that need a donor have one: without, `donor` would count nothing but items
 *   that were solved at first
 */
export async function runControls<Item>(
  setting: Setting<Item>,
  episode: Episode<Item>,
  donor: string | undefined,
  hasDonors: boolean,
): Promise<Controls> {
  if (episode.kind === "errored") return { outcomes: {}, answers: [], errors: [] };
  const { task, rollout } = setting;
  const conditions = retryConditionsOf(task, rollout);
  const asked = retryControlsOf(conditions);
  const countsTokens = completionsOf(episode).every(isCounted);
  if (episode.kind === "solved") {
    const outcomes = onlyKnown({
      ...Object.fromEntries(asked.map((control) => [control, true])),
      donor: hasDonors ? true : undefined,
      passAt2: true,
      matched: countsTokens ? true : undefined,
    });
    return { outcomes, answers: [], errors: [] };
  }
  const { item, attempt, reflection } = episode;
  const failure = toFailure({ kind: "failed", item, attempt });
  const second = runIndependent(setting, item, 0);
  // Sampled like the first attempt, a fresh one is the second of pass@2.
  const isFreshDrawn = asked.includes("fresh") && !isSampledAlike(conditions);
  const [blind, drawn, donated, independent, leak] = await Promise.all([
    asked.includes("blind") ? runRetry(setting, item, "blind", blindRetryPrompt(failure)) : undefined,
    isFreshDrawn ? runRetry(setting, item, "fresh", attempt.prompt) : undefined,
    donor === undefined
      ? undefined
      : runRetry(setting, item, "donor", retryPrompt(task, failure, donor, conditions.layout)),
    countsTokens ? runMatched(setting, episode, second) : second.then((outcome) => ({ drawn: [outcome] })),
    runLeak(setting, item, reflection.completion.text),
  ]);
  const passAt2 = passed(await second);
  const fresh = isFreshDrawn || !asked.includes("fresh") ? passed(drawn) : passAt2;
  const matched = "matched" in independent ? independent.matched : undefined;
  return {
    outcomes: onlyKnown({ blind: passed(blind), fresh, donor: passed(donated), passAt2, matched, leak }),
    ...sorted([
      ["blind", blind],
      ["blind", drawn],
      ["donor", donated],
      ...independent.drawn.map((outcome) => ["independent", outcome] as const),
    ]),
  };
}

async function runRetry<Item>(
  { task, model, rollout }: Setting<Item>,
  item: Item,
  label: "blind" | "fresh" | "donor",
  prompt: readonly Message[],
): Promise<AttemptOutcome<Item>> {
  const seed = deriveKey(rollout.seed, label);
  return runAnswer(task, model, item, prompt, { ...rollout, seed });
}

/** Independent attempts for the tokens of attempt + reflection + retry; the last is cut off where they end. */
async function runMatched<Item>(
  setting: Setting<Item>,
  { item, reflection }: Reflected<Item>,
  second: Promise<AttemptOutcome<Item>>,
): Promise<{ readonly drawn: readonly AttemptOutcome<Item>[]; readonly matched: boolean | undefined }> {
  const drawn: AttemptOutcome<Item>[] = [];
  let left = tokensOf(reflection.completion) + tokensOf(reflection.retry.completion);
  for (let index = 0; left > 0; index++) {
    const outcome = await (index === 0 ? second : runIndependent(setting, item, index, left));
    drawn.push(outcome);
    // What takes more than is left does not fit, whatever its counts are worth.
    if (outcome.kind !== "errored" && tokensOf(outcome.attempt.completion) > left)
      return { drawn, matched: false };
    // A server that leaves a count out would be asked on and on.
    if (outcome.kind === "errored" || !isCounted(outcome.attempt.completion))
      return { drawn, matched: undefined };
    left -= Math.max(1, tokensOf(outcome.attempt.completion));
    if (outcome.kind === "solved" && left >= 0) return { drawn, matched: true };
  }
  return { drawn, matched: false };
}

/** What `after` is made from; later rounds are no part of it. */
function completionsOf<Item>(episode: Exclude<Episode<Item>, { kind: "errored" }>): readonly Completion[] {
  const { attempt } = episode;
  if (episode.kind === "solved") return [attempt.completion];
  const { completion, retry } = episode.reflection;
  return [attempt.completion, completion, retry.completion];
}

function runIndependent<Item>(
  { task, model, rollout }: Setting<Item>,
  item: Item,
  index: number,
  mostTokens: number = Number.POSITIVE_INFINITY,
): Promise<AttemptOutcome<Item>> {
  const limits = rollout.limits ?? task.limits;
  return runAttempt(task, model, item, {
    ...rollout,
    limits: { ...limits, attempt: Math.min(limits.attempt, mostTokens) },
    seed: deriveKey(rollout.seed, "independent", index),
  });
}

/** A leak check that a plugin got wrong is a missing number, not the end of an evaluation. */
async function runLeak<Item>(
  { task, rollout }: Setting<Item>,
  item: Item,
  reflection: string,
): Promise<boolean | undefined> {
  const { verifyTimeoutMs, signal } = rollout;
  const limit = {
    ...(verifyTimeoutMs === undefined ? {} : { timeoutMs: verifyTimeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    return await reflectionLeaks(task, item, reflection, limit);
  } catch (error) {
    if (RrrError.is(error, "bad-task")) return undefined;
    throw error;
  }
}

/** Counts that contradict themselves are none to compare by. */
function isCounted(completion: Completion): boolean {
  return tokenCount(completion) !== undefined && completion.usage?.contradicts === undefined;
}

function tokensOf(completion: Completion): number {
  return tokenCount(completion) ?? 0;
}

function passed(outcome: AttemptOutcome | undefined): boolean | undefined {
  return outcome === undefined || outcome.kind === "errored" ? undefined : outcome.kind === "solved";
}

/** Answers and errors, in the order in which they were asked for. */
function sorted(
  asked: readonly (readonly [ControlAnswer["role"], AttemptOutcome | undefined])[],
): Pick<Controls, "answers" | "errors"> {
  const answers: ControlAnswer[] = [];
  const errors: ControlError[] = [];
  for (const [role, outcome] of asked) {
    if (outcome?.kind === "errored") errors.push({ role, error: outcome.error });
    else if (outcome !== undefined) answers.push({ role, attempt: outcome.attempt });
  }
  return { answers, errors };
}

function onlyKnown(outcomes: Readonly<Record<string, boolean | undefined>>): Outcomes {
  const known = Object.entries(outcomes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Outcomes;
}
