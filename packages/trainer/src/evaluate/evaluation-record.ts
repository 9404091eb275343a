import type { Attempt, Episode } from "@rrr/core";
import type { Outcomes } from "./evaluation.ts";

/** Episodes come first: the controls of one need the reflections of others. */
export type EvaluationStage = "episodes" | "controls" | "greedy";

/** One of the independent samples of one of the items, both counted from 0. */
export interface Unit {
  readonly problem: number;
  readonly sample: number;
}

/** What a control answered, checked; several `independent` ones in the order in which they were drawn. */
export interface ControlAnswer {
  readonly role: "blind" | "donor" | "independent";
  readonly attempt: Attempt;
}

/** What one stage found for one unit. Greedy decoding has one sample an item. */
export type UnitResult<Item = unknown> = Unit & { readonly outcomes: Outcomes } & (
    | { readonly stage: "episodes" | "greedy"; readonly episode: Episode<Item> }
    | { readonly stage: "controls"; readonly answers: readonly ControlAnswer[] }
  );

/** What an evaluation asks of the results that are there already: its own, and those of a run that it goes on with. */
export interface EvaluationRecord<Item = unknown> {
  /** What is there is not made again. */
  has(stage: EvaluationStage, unit: Unit): boolean;
  /** What the stage `episodes` found. */
  episode(unit: Unit): Episode<Item>;
  /** The first reflection of the next problem, in a ring, whose same sample failed; undefined if no other did. */
  donor(unit: Unit): string | undefined;
  /** Episodes of this sample that failed at first. */
  failures(sample: number): number;
}

/** A record in memory. */
export function createMemoryRecord<Item>(
  samples: number,
): EvaluationRecord<Item> & { add(result: UnitResult<Item>): void; results(): readonly UnitEntry<Item>[] } {
  const entries: UnitEntry<Item>[] = [];
  const found = new Set<string>();
  const failures: number[] = Array(samples).fill(0);
  const at = ({ problem, sample }: Unit): number => problem * samples + sample;
  const key = (stage: EvaluationStage, unit: Unit): string => `${stage} ${at(unit)}`;
  return {
    add(result) {
      const { stage, problem, sample, outcomes } = result;
      found.add(key(stage, result));
      const entry = entries[at(result)];
      if (stage === "episodes") {
        entries[at(result)] = { problem, sample, episode: result.episode, outcomes };
        if (result.episode.kind === "reflected") failures[sample] = (failures[sample] ?? 0) + 1;
      } else if (entry !== undefined) {
        entries[at(result)] = { ...entry, outcomes: { ...entry.outcomes, ...outcomes } };
      }
    },
    results: () => entries,
    has: (stage, unit) => found.has(key(stage, unit)),
    episode(unit) {
      const entry = entries[at(unit)];
      if (entry === undefined)
        throw new Error(`no episode of problem ${unit.problem}, sample ${unit.sample}`);
      return entry.episode;
    },
    donor({ problem, sample }) {
      const problems = entries.length / samples;
      for (let offset = 1; offset < problems; offset++) {
        const entry = entries[at({ problem: (problem + offset) % problems, sample })];
        if (entry?.episode.kind === "reflected") return entry.episode.reflection.completion.text;
      }
      return undefined;
    },
    failures: (sample) => failures[sample] ?? 0,
  };
}

/** All that an evaluation knows of a unit. */
export interface UnitEntry<Item = unknown> extends Unit {
  readonly episode: Episode<Item>;
  readonly outcomes: Outcomes;
}
