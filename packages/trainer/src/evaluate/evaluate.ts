import type { Model, Task } from "@rrr/core";
import { checkEvaluationSettings } from "./check-evaluation-settings.ts";
import { countingTokens } from "./counting-tokens.ts";
import { evaluateUnits } from "./evaluate-units.ts";
import {
  DEFAULT_EVALUATION_SETTINGS,
  type Evaluation,
  type EvaluationProgress,
  type EvaluationSettings,
} from "./evaluation.ts";
import { createMemoryRecord, type EvaluationStage } from "./evaluation-record.ts";
import { tokensOf } from "./outcomes.ts";
import { summarize } from "./summarize.ts";

/**
 * Measures a model on held-out items: first try, after reflection, and the controls that give these a meaning.
 * Everything is kept in memory; `evaluateUnits` is for those who keep it elsewhere.
 * @throws bad-argument, aborted, budget-spent
 */
export async function* evaluate<Item>(
  task: Task<Item>,
  model: Model,
  items: readonly Item[],
  settings: Partial<EvaluationSettings> = {},
): AsyncGenerator<EvaluationProgress, Evaluation<Item>, undefined> {
  const chosen = checkEvaluationSettings({ ...DEFAULT_EVALUATION_SETTINGS, ...settings });
  const { model: counting, sampledTokens } = countingTokens(model);
  const record = createMemoryRecord<Item>(chosen.samples);
  const done: Record<EvaluationStage, number> = { episodes: 0, controls: 0, greedy: 0 };
  const passed = { first: 0, after: 0, errored: 0 };

  for await (const result of evaluateUnits(task, counting, items, chosen, record)) {
    record.add(result);
    const { stage, outcomes } = result;
    done[stage]++;
    if (stage === "episodes") {
      passed.first += Number(outcomes.first ?? 0);
      passed.after += Number(outcomes.after ?? 0);
      passed.errored += Number(result.episode.kind === "errored");
    }
    const valid = done.episodes - passed.errored;
    const share = (count: number) => (valid === 0 ? undefined : count / valid);
    yield {
      stage,
      done: done[stage],
      total: items.length * (stage === "greedy" ? 1 : chosen.samples),
      first: share(passed.first),
      after: share(passed.after),
      errored: passed.errored,
      sampledTokens: sampledTokens(),
    };
  }
  const entries = record.results();
  const table = items.map((_, problem) =>
    entries.slice(problem * chosen.samples, (problem + 1) * chosen.samples).map(({ outcomes }) => outcomes),
  );
  return {
    task: task.name,
    model: model.id,
    ...summarize(table, chosen.rounds),
    tokens: tokensOf(entries.map(({ episode }) => episode)),
    items: entries.map((entry) => ({ item: items[entry.problem] as Item, ...entry })),
  };
}
