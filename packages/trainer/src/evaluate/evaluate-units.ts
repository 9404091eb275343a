import { deriveKey, type Model, type RolloutSettings, runEpisode, type Task } from "@rrr/core";
import { asCompleted } from "../streams/as-completed.ts";
import { checkEvaluationSettings } from "./check-evaluation-settings.ts";
import { runControls } from "./controls.ts";
import type { EvaluationSettings } from "./evaluation.ts";
import type { EvaluationRecord, EvaluationStage, Unit, UnitResult } from "./evaluation-record.ts";
import { episodeOutcomes, greedyOutcomes } from "./outcomes.ts";

/**
 * The work of an evaluation, result by result as each is there: all episodes, then all controls, then greedy decoding.
 * Whoever consumes them puts each where `record` finds it before asking for the next. A unit draws the same random
 * numbers in every evaluation with the same seed, so before and after are paired, and one that was interrupted goes on
 * to the results that it would have had.
 * @throws bad-argument, aborted, budget-spent
 */
export async function* evaluateUnits<Item>(
  task: Task<Item>,
  model: Model,
  items: readonly Item[],
  settings: EvaluationSettings,
  record: EvaluationRecord<Item>,
): AsyncGenerator<UnitResult<Item>, void, undefined> {
  const { samples, controls, greedy, concurrency, ...rollout } = checkEvaluationSettings(settings);

  function forEach(
    stage: EvaluationStage,
    samplesOfEach: number,
    work: (item: Item, unit: Unit, rollout: RolloutSettings) => Promise<UnitResult<Item>>,
  ): AsyncGenerator<UnitResult<Item>, void, undefined> {
    return asCompleted(missing(stage, samplesOfEach), concurrency, rollout.signal, (unit, signal) =>
      work(items[unit.problem] as Item, unit, { ...rollout, seed: unitSeed(rollout.seed, unit), signal }),
    );
  }

  function* missing(stage: EvaluationStage, samplesOfEach: number): Generator<Unit> {
    for (let problem = 0; problem < items.length; problem++) {
      for (let sample = 0; sample < samplesOfEach; sample++) {
        if (!record.has(stage, { problem, sample })) yield { problem, sample };
      }
    }
  }

  yield* forEach("episodes", samples, async (item, unit, at) => {
    const episode = await runEpisode(task, model, item, at);
    return { ...unit, stage: "episodes", episode, outcomes: episodeOutcomes(episode, rollout.rounds) };
  });
  if (controls) {
    yield* forEach("controls", samples, async (_, unit, at) => {
      const hasDonors = record.failures(unit.sample) > 1;
      const donor = hasDonors ? record.donor(unit) : undefined;
      const found = await runControls({ task, model, rollout: at }, record.episode(unit), donor, hasDonors);
      return { ...unit, stage: "controls", ...found };
    });
  }
  if (greedy) {
    yield* forEach("greedy", 1, async (item, unit, at) => {
      const episode = await runEpisode(task, model, item, { ...at, temperature: 0, rounds: 1 });
      return { ...unit, stage: "greedy", episode, outcomes: greedyOutcomes(episode) };
    });
  }
}

function unitSeed(seed: number, { problem, sample }: Unit): number {
  return sample === 0
    ? deriveKey(seed, "evaluate", problem)
    : deriveKey(seed, "evaluate", problem, "sample", sample);
}
