/**
 * Attempt, verdict, reflection, retry, verdict. An episode knows nothing of batches: callers run thousands at
 * once and the model batches them.
 */
import { attemptPrompt, blindRetryPrompt, reflectionPrompt, retryAfter } from "./conversation.ts";
import type { AttemptOutcome, Episode, FailedAttempt, Reflection } from "./episode.ts";
import type { Message } from "./message.ts";
import type { Model } from "./model.ts";
import { deriveKey } from "./random.ts";
import { retryLayoutOf } from "./retry-layout.ts";
import { answer, asRetry, draw, orErrored, type RolloutSettings } from "./rollout.ts";
import type { Failure, Task } from "./task.ts";
import { asShown, isOnlyThought } from "./template-history.ts";

/**
 * One episode: attempt, and after a failure as many rounds of reflection and retry as `rounds` allows. Round r > 0
 * is seeded with `deriveKey(seed, "round", r)`, so that a first round is the same whatever follows it.
 * @throws RrrError `aborted`, `budget-spent`, `diverged` or `bad-model`; any other trouble is an `errored` episode.
 */
export async function runEpisode<Item>(
  task: Task<Item>,
  model: Model,
  item: Item,
  settings: RolloutSettings,
): Promise<Episode<Item>> {
  const outcome = await runAttempt(task, model, item, settings);
  return outcome.kind === "failed" ? runRounds(task, model, outcome, settings) : outcome;
}

/**
 * The rounds of reflection and retry that a failed attempt gets.
 * @param earlier rounds that it has had, all failed: an episode that was interrupted goes on after them, and its attempt,
 *   which is known to have failed, does not get a second chance
 * @param onFailed is told the rounds so far after one that failed, where another follows
 * @throws RrrError `aborted`, or `budget-spent`
 */
export async function runRounds<Item>(
  task: Task<Item>,
  model: Model,
  { item, attempt }: FailedAttempt<Item>,
  settings: RolloutSettings,
  earlier: readonly Reflection[] = [],
  onFailed: (earlier: readonly Reflection[]) => void = () => {},
): Promise<Episode<Item>> {
  const { rounds = 1 } = settings;
  const done = [...earlier];
  let last = done.at(-1)?.retry ?? attempt;
  do {
    if (done.length > earlier.length) onFailed([...done]);
    const at = done.length === 0 ? settings : reseed(settings, "round", done.length);
    const episode = await reflectAndRetry(task, model, { kind: "failed", item, attempt: last }, at);
    if (episode.kind !== "reflected")
      return { ...episode, attempt, ...(done.length > 0 ? { earlier: done } : {}) };
    done.push(episode.reflection);
    last = episode.reflection.retry;
  } while (done.length < rounds && last.verdict.kind !== "pass");
  const [reflection, ...later] = done as [Reflection, ...Reflection[]];
  return { kind: "reflected", item, attempt, reflection, ...(later.length > 0 ? { later } : {}) };
}

/** One attempt at the task's own prompt, checked. Seed: `deriveKey(seed, "attempt")`. @throws RrrError `aborted` */
export function runAttempt<Item>(
  task: Task<Item>,
  model: Model,
  item: Item,
  settings: RolloutSettings,
): Promise<AttemptOutcome<Item>> {
  return orErrored(item, settings, () =>
    answer(task, model, item, attemptPrompt(task, item), reseed(settings, "attempt")),
  );
}

/**
 * One answer to any prompt for an item, checked: what the controls (blind retry, a donor's reflection) need. It is sampled
 * as a retry is, and may be as long.
 * Seed: `seed` itself. @throws RrrError `aborted`
 */
export function runAnswer<Item>(
  task: Task<Item>,
  model: Model,
  item: Item,
  prompt: readonly Message[],
  settings: RolloutSettings,
): Promise<AttemptOutcome<Item>> {
  return orErrored(item, settings, () => answer(task, model, item, prompt, asRetry(task, settings)));
}

/** One reflection on a failed attempt, and one retry. @throws RrrError `aborted` */
export async function reflectAndRetry<Item>(
  task: Task<Item>,
  model: Model,
  failed: FailedAttempt<Item>,
  settings: RolloutSettings,
): Promise<Episode<Item>> {
  const [episode] = await reflectAndRetryGroup(task, model, failed, 1, settings);
  return episode as Episode<Item>;
}

/**
 * A group: G reflections on the same failed attempt, one retry each. Seeds: `deriveKey(seed, "reflection")` for
 * the one request that draws all reflections, `deriveKey(seed, "retry", g)` for each retry.
 * @returns G episodes, each `reflected` or `errored`. @throws RrrError `aborted`
 */
export async function reflectAndRetryGroup<Item>(
  task: Task<Item>,
  model: Model,
  failed: FailedAttempt<Item>,
  groupSize: number,
  settings: RolloutSettings,
): Promise<readonly Episode<Item>[]> {
  const { item, attempt } = failed;
  const failure = toFailure(failed);
  const layout = retryLayoutOf(task, settings);
  const maxTokens = (settings.limits ?? task.limits).reflection;
  const reflections = await orErrored(item, settings, async () => {
    const prompt = reflectionPrompt(task, failure);
    const completions = await draw(model, prompt, groupSize, maxTokens, reseed(settings, "reflection"));
    return { kind: "drawn" as const, prompt, completions: completions.map(asShown) };
  });
  if (reflections.kind === "errored") {
    return Array.from({ length: groupSize }, () => ({
      ...reflections,
      turn: "reflection" as const,
      attempt,
    }));
  }
  return Promise.all(
    reflections.completions.map(async (completion, g): Promise<Episode<Item>> => {
      const retry = await orErrored(item, settings, () => {
        const prompt = isOnlyThought(completion)
          ? blindRetryPrompt(failure, layout)
          : retryAfter(task, reflections.prompt, failure, completion.text, layout);
        return answer(task, model, item, prompt, asRetry(task, reseed(settings, "retry", g)));
      });
      const reflection = { prompt: reflections.prompt, completion };
      if (retry.kind === "errored") return { ...retry, turn: "retry", attempt, reflection };
      return { kind: "reflected", item, attempt, reflection: { ...reflection, retry: retry.attempt } };
    }),
  );
}

/** A failed attempt as prompts see it. */
export function toFailure<Item>({ item, attempt }: FailedAttempt<Item>): Failure<Item> {
  return { item, prompt: attempt.prompt, completion: attempt.completion.text };
}

function reseed(settings: RolloutSettings, ...labels: readonly (string | number)[]): RolloutSettings {
  return { ...settings, seed: deriveKey(settings.seed, ...labels) };
}
