import { parseItem, type ScoredItem, type ScoreLine, type Task } from "@rrr/core";
import type { EvaluationStage } from "../flow/stages.ts";
import type { RunReader } from "./run-reader.ts";

/** Of these a score is made: answers to a problem alone, and after a reflection. */
export type ScoredMeasure = "first" | "after";

/** A task's own score of an evaluation. */
export interface StageScore {
  readonly stage: EvaluationStage;
  /** Problems that errored; they count as failed. */
  readonly errored: number;
  readonly lines: Readonly<Record<ScoredMeasure, readonly ScoreLine[]>>;
}

/**
 * What each evaluation of a run comes to by its task's own definition; without lines where the task has none for these
 * items.
 * @throws RrrError `bad-item` for an item that the task's schema refuses by now
 */
export async function scoreRun(reader: RunReader, task: Task): Promise<readonly StageScore[]> {
  const scores: StageScore[] = [];
  for (const stage of reader.stages) {
    const items = new Map<number, unknown>();
    for (const [problem, json] of reader.problems(stage)) {
      items.set(problem, await parseItem(task, JSON.parse(json)));
    }
    const { table } = reader.measured(stage);
    const linesOf = (measure: ScoredMeasure): readonly ScoreLine[] => {
      const results = Array.from(items, ([problem, item]): ScoredItem<unknown> => {
        const samples = table[problem] ?? [];
        const passed = samples.filter((outcomes) => outcomes[measure] === true).length;
        return { item, passed: samples.length === 0 ? 0 : passed / samples.length };
      });
      return task.score?.(results) ?? [];
    };
    const known = [...items.keys()].map((problem) => table[problem] ?? []);
    const errored = known.filter((samples) => samples.some(({ first }) => first === undefined)).length;
    scores.push({ stage, errored, lines: { first: linesOf("first"), after: linesOf("after") } });
  }
  return scores;
}
