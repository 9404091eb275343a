import { createHash } from "node:crypto";
import {
  deriveKey,
  type Episode,
  type Model,
  parseItem,
  type Reflection,
  type RolloutSettings,
  runAttempt,
  runRounds,
  type Task,
} from "@rrr/core";
import { asCompleted } from "../streams/as-completed.ts";
import { countedTable } from "./answers.ts";
import { checkEvaluationSettings } from "./check-evaluation-settings.ts";
import { runControls } from "./controls.ts";
import { countingTokens } from "./counting-tokens.ts";
import {
  type Asked,
  DEFAULT_EVALUATION_SETTINGS,
  type Evaluation,
  type EvaluationProgress,
  type EvaluationSettings,
} from "./evaluation.ts";
import {
  countEpisode,
  createMemoryRecord,
  type EvaluationPart,
  type EvaluationRecord,
  type Unit,
  type UnitResult,
} from "./evaluation-record.ts";
import { begunOutcomes, episodeOutcomes, greedyOutcomes } from "./outcomes.ts";
import { retryConditionsOf, retryControlsOf } from "./retry-controls.ts";
import { summarize } from "./summarize.ts";

/**
 * Measures a model on held-out items: first try, after reflection, and the controls that give these a meaning. First
 * all episodes, then all controls, then greedy decoding; each unit is announced as soon as it is there and recorded.
 *
 * A unit draws the same random numbers in every evaluation with the same seed, so that before and after are paired, and
 * an evaluation that is resumed comes to the results that it would have had.
 * @param items as `task.items` gives them: each is parsed with the task's schema when its turn comes
 * @param settings with `record`, where results are kept and found (default: in memory)
 * @throws RrrError `bad-argument`, `bad-item`, `aborted`, `budget-spent`
 * @example const { rates } = await resultOf(evaluate(task, model, await take(task.items("test", 0), 100)));
 */
export async function* evaluate<Item>(
  task: Task<Item>,
  model: Model,
  items: readonly Item[],
  settings: Partial<EvaluationSettings> & { readonly record?: EvaluationRecord<Item> } = {},
): AsyncGenerator<EvaluationProgress<Item>, Evaluation, undefined> {
  const { record: given, ...others } = settings;
  const chosen = checkEvaluationSettings({ ...DEFAULT_EVALUATION_SETTINGS, ...others });
  const { samples, rounds } = chosen;
  const record = given ?? createMemoryRecord<Item>(samples);
  const { model: counting, sampledTokens } = countingTokens(model);
  const tally = { ...record.tally() };

  for await (const result of unitsOf(task, counting, items, chosen, record)) {
    record.add(result);
    tally[result.part]++;
    if (result.part === "episodes") countEpisode(tally, result.episode, result.outcomes);
    // Problems that are solved at once come first: a share of the first few would be too high.
    const isFair = tally.episodes >= Math.min(4 * chosen.concurrency, items.length * samples);
    yield {
      part: result.part,
      done: tally[result.part],
      total: items.length * (result.part === "greedy" ? 1 : samples),
      first: isFair ? tally.first / tally.episodes : undefined,
      after: isFair ? tally.after / tally.episodes : undefined,
      errored: tally.errored,
      sampledTokens: sampledTokens(),
      result,
    };
  }
  const answers = record.answers();
  const table = countedTable(record.outcomes(items.length), answers);
  const asked = askedOf(task, chosen);
  const of = { task: task.name, model: model.id, problems: items.length, itemsHash: hashOf(items) };
  const found = { answers, errors: record.errors() };
  return { ...of, samples, rounds, asked, ...summarize({ table, rounds, asked }), ...found, table };
}

function askedOf<Item>(task: Task<Item>, settings: EvaluationSettings): Asked {
  const { controls, greedy } = settings;
  return { controls, greedy, retryControls: retryControlsOf(retryConditionsOf(task, settings)) };
}

function hashOf(items: readonly unknown[]): string {
  const hash = createHash("sha256");
  for (const item of items) hash.update(`${JSON.stringify(item)}\n`);
  return hash.digest("hex");
}

/** The units that the record lacks, in whatever order they are completed; all of one part before the next. */
async function* unitsOf<Item>(
  task: Task<Item>,
  model: Model,
  items: readonly Item[],
  settings: EvaluationSettings,
  record: EvaluationRecord<Item>,
): AsyncGenerator<UnitResult<Item>, void, undefined> {
  const { samples, controls, greedy, concurrency, ...rollout } = settings;

  type Found = Omit<UnitResult<Item>, keyof Unit | "seconds">;

  function forEach(
    part: EvaluationPart,
    samplesOfEach: number,
    work: (item: Item, unit: Unit, rollout: RolloutSettings) => Promise<Found>,
  ): AsyncGenerator<UnitResult<Item>, void, undefined> {
    return asCompleted(missing(part, samplesOfEach), concurrency, rollout.signal, async (unit, signal) => {
      const started = performance.now();
      const item = await parseItem(task, items[unit.problem]);
      const found = await work(item, unit, { ...rollout, seed: unitSeed(rollout.seed, unit), signal });
      return { ...unit, ...found, seconds: (performance.now() - started) / 1000 } as UnitResult<Item>;
    });
  }

  function* missing(part: EvaluationPart, samplesOfEach: number): Generator<Unit> {
    for (let problem = 0; problem < items.length; problem++) {
      for (let sample = 0; sample < samplesOfEach; sample++) {
        if (!record.has(part, { problem, sample })) yield { problem, sample };
      }
    }
  }

  /** The whole episode, or what an interruption has left to do of it. What fails on the way is kept at once. */
  async function episodeOf(
    part: "episodes" | "greedy",
    item: Item,
    unit: Unit,
    at: RolloutSettings,
  ): Promise<Episode<Item>> {
    const known = record.begun(part, unit, item);
    const outcome = known?.failed ?? (await runAttempt(task, model, item, at));
    if (outcome.kind !== "failed") return outcome;
    const keep = (earlier: readonly Reflection[]): void => {
      const begun = { failed: outcome, earlier };
      record.begin(part, unit, begun, begunOutcomes(part, begun));
    };
    if (known === undefined) keep([]);
    return runRounds(task, model, outcome, at, known?.earlier, keep);
  }

  yield* forEach("episodes", samples, async (item, unit, at) => {
    const episode = await episodeOf("episodes", item, unit, at);
    return { part: "episodes", episode, outcomes: episodeOutcomes(episode, rollout.rounds) };
  });
  if (controls) {
    yield* forEach("controls", samples, async (item, unit, at) => {
      const hasDonors = record.failures(unit.sample) > 1;
      const donor = hasDonors ? record.donor(unit) : undefined;
      const episode = record.episode(unit, item);
      return {
        part: "controls",
        ...(await runControls({ task, model, rollout: at }, episode, donor, hasDonors)),
      };
    });
  }
  if (greedy) {
    yield* forEach("greedy", 1, async (item, unit, at) => {
      const episode = await episodeOf("greedy", item, unit, { ...at, ...GREEDY, rounds: 1 });
      return { part: "greedy", episode, outcomes: greedyOutcomes(episode) };
    });
  }
}

const GREEDY = { temperature: 0, retryTemperature: 0 } as const;

function unitSeed(seed: number, { problem, sample }: Unit): number {
  return sample === 0
    ? deriveKey(seed, "evaluate", problem)
    : deriveKey(seed, "evaluate", problem, "sample", sample);
}
