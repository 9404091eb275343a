import { deriveKey, type Episode, type Model, type RolloutSettings, runEpisode, type Task } from "@rrr/core";
import { runControls } from "./controls.ts";
import { countingTokens } from "./counting-tokens.ts";
import {
  DEFAULT_EVALUATION_SETTINGS,
  type Evaluation,
  type EvaluationProgress,
  type EvaluationSettings,
  type Outcomes,
} from "./evaluation.ts";
import { inOrder } from "./in-order.ts";
import { episodeOutcomes, ratesOf, tokensOf } from "./outcomes.ts";

/**
 * Measures a model on held-out items: first try, after reflection, and the controls that give these a meaning.
 * Item i draws the same random numbers in every evaluation with the same seed, so before and after are paired.
 * @throws aborted
 */
export async function* evaluate<Item>(
  task: Task<Item>,
  model: Model,
  items: readonly Item[],
  settings: Partial<EvaluationSettings> = {},
): AsyncGenerator<EvaluationProgress, Evaluation<Item>, undefined> {
  const { controls, greedy, concurrency, ...rollout } = { ...DEFAULT_EVALUATION_SETTINGS, ...settings };
  const { model: counting, sampledTokens } = countingTokens(model);
  const episodes: Episode<Item>[] = [];
  const outcomes: Outcomes[] = [];

  function forEach<In, Out>(
    inputs: readonly In[],
    work: (input: In, rollout: RolloutSettings, index: number) => Promise<Out>,
  ): AsyncGenerator<Out, void, undefined> {
    return inOrder(inputs, concurrency, rollout.signal, (input, index, signal) =>
      work(input, { ...rollout, seed: deriveKey(rollout.seed, "evaluate", index), signal }, index),
    );
  }

  const passed = { first: 0, after: 0, errored: 0 };
  function progress(stage: EvaluationProgress["stage"], done: number): EvaluationProgress {
    const valid = episodes.length - passed.errored;
    const share = (count: number) => (valid === 0 ? undefined : count / valid);
    const shares = { first: share(passed.first), after: share(passed.after), errored: passed.errored };
    return { stage, done, total: items.length, ...shares, sampledTokens: sampledTokens() };
  }

  for await (const episode of forEach(items, (item, at) => runEpisode(task, counting, item, at))) {
    episodes.push(episode);
    outcomes.push(episodeOutcomes(episode));
    const { first, after } = episodeOutcomes(episode);
    passed.first += Number(first ?? 0);
    passed.after += Number(after ?? 0);
    passed.errored += Number(episode.kind === "errored");
    yield progress("episodes", episodes.length);
  }
  if (controls) {
    let done = 0;
    const hasDonors = episodes.filter(({ kind }) => kind === "reflected").length > 1;
    const measured = forEach(episodes, (episode, at, index) => {
      const donor = hasDonors ? donorFor(episodes, index) : undefined;
      return runControls({ task, model: counting, rollout: at }, episode, donor, hasDonors);
    });
    for await (const found of measured) {
      outcomes[done] = { ...outcomes[done], ...found };
      yield progress("controls", ++done);
    }
  }
  if (greedy) {
    let done = 0;
    const decoded = forEach(items, (item, at) => runEpisode(task, counting, item, { ...at, temperature: 0 }));
    for await (const episode of decoded) {
      outcomes[done] = { ...outcomes[done], ...greedyOutcomes(episode) };
      yield progress("greedy", ++done);
    }
  }
  const measured = episodes.map((episode, i) => ({
    item: episode.item,
    episode,
    outcomes: outcomes[i] ?? {},
  }));
  return {
    task: task.name,
    model: model.id,
    rates: ratesOf(measured),
    errored: passed.errored,
    tokens: tokensOf(episodes),
    items: measured,
  };
}

/** The reflection of the next item that failed, in a ring; undefined if no other did. */
function donorFor(episodes: readonly Episode[], index: number): string | undefined {
  for (let offset = 1; offset < episodes.length; offset++) {
    const episode = episodes[(index + offset) % episodes.length];
    if (episode?.kind === "reflected") return episode.reflection.completion.text;
  }
  return undefined;
}

function greedyOutcomes(episode: Episode): Outcomes {
  const { first, after } = episodeOutcomes(episode);
  return first === undefined || after === undefined ? {} : { greedyFirst: first, greedyAfter: after };
}
