import {
  type Attempt,
  type Episode,
  type FailedAttempt,
  isOnlyThought,
  type Reflection,
  type RrrError,
} from "@rrr/core";
import { type AnswerCounts, answersOf } from "./answers.ts";
import type { OutcomeTable } from "./coverage.ts";
import { createErrorCounter, type ErrorCount } from "./error-counts.ts";
import type { Outcomes } from "./evaluation.ts";

/** What an evaluation is made of, in this order: the controls of an episode need the reflections of others. */
export type EvaluationPart = "episodes" | "controls" | "greedy";

/** One of the independent samples of one of the items, both counted from 0. */
export interface Unit {
  readonly problem: number;
  readonly sample: number;
}

/**
 * What a control answered, checked; several `independent` ones in the order in which they were drawn. `blind` is a retry
 * without a reflection: also the fresh attempt under the retry's conditions, whose prompt is the task's own.
 */
export interface ControlAnswer {
  readonly role: "blind" | "donor" | "independent";
  readonly attempt: Attempt;
}

/** A control that came to no verdict. */
export interface ControlError {
  readonly role: ControlAnswer["role"];
  readonly error: RrrError;
}

/** What there is of an episode that is not at its end: a failed attempt, and the rounds that it has had, failed too. */
export interface Begun<Item = unknown> {
  readonly failed: FailedAttempt<Item>;
  readonly earlier: readonly Reflection[];
}

/** What one part found for one unit. Greedy decoding has one sample an item. */
export type UnitResult<Item = unknown> = Unit & {
  readonly outcomes: Outcomes;
  /** Wall time from its first request to its last verdict. It varies; nothing else does with the same seed. */
  readonly seconds: number;
} & (
    | { readonly part: "episodes" | "greedy"; readonly episode: Episode<Item> }
    | {
        readonly part: "controls";
        readonly answers: readonly ControlAnswer[];
        readonly errors: readonly ControlError[];
      }
  );

/** What is there of an evaluation. */
export interface Tally {
  /** Units, part by part. */
  readonly episodes: number;
  readonly controls: number;
  readonly greedy: number;
  /** Episodes that passed at once, passed after a reflection or at once, and errored. */
  readonly first: number;
  readonly after: number;
  readonly errored: number;
}

/**
 * Where an evaluation keeps its results, and finds those that are there already: its own, and those of a run that it
 * resumes. `add` comes before the unit is announced, and all of one part before the first of the next.
 */
export interface EvaluationRecord<Item = unknown> {
  add(result: UnitResult<Item>): void;
  /** Whether a unit is there: it is not made again. */
  has(part: EvaluationPart, unit: Unit): boolean;
  /**
   * Keeps what has failed of an episode that goes on: if it is interrupted, what failed is not tried again. Failures
   * take longer than what passes at once, and would have a second chance each time.
   */
  begin(part: "episodes" | "greedy", unit: Unit, begun: Begun<Item>, outcomes: Outcomes): void;
  /** What is there of an episode that was interrupted; undefined where nothing is. @param item of this unit */
  begun(part: "episodes" | "greedy", unit: Unit, item: Item): Begun<Item> | undefined;
  tally(): Tally;
  /** The episode of a unit. @param item of this unit: a record need not be able to rebuild it */
  episode(unit: Unit, item: Item): Episode<Item>;
  /** The first reflection of the next problem, in a ring, whose same sample failed and which said something. */
  donor(unit: Unit): string | undefined;
  /** Episodes of this sample that failed at first. */
  failures(sample: number): number;
  /** All outcomes, by problem and sample. */
  outcomes(problems: number): OutcomeTable;
  /** How the answers of each turn came. */
  answers(): AnswerCounts;
  /** Why something has no outcome, the most frequent reasons first. */
  errors(): readonly ErrorCount[];
}

/** A record in memory; `entries` has everything that it was given. */
export interface MemoryRecord<Item = unknown> extends EvaluationRecord<Item> {
  /** In the order of the items, the samples of each together. */
  entries(): readonly UnitEntry<Item>[];
}

/** All that an evaluation knows of a unit. */
export interface UnitEntry<Item = unknown> extends Unit {
  readonly episode: Episode<Item>;
  readonly outcomes: Outcomes;
}

/** @param samples of each problem, as in the evaluation's settings */
export function createMemoryRecord<Item>(samples = 1): MemoryRecord<Item> {
  const entries: UnitEntry<Item>[] = [];
  const found = new Set<string>();
  const failures: number[] = Array(samples).fill(0);
  const errors = createErrorCounter();
  const tally = { episodes: 0, controls: 0, greedy: 0, first: 0, after: 0, errored: 0 };
  const at = ({ problem, sample }: Unit): number => problem * samples + sample;
  const key = (part: EvaluationPart, unit: Unit): string => `${part} ${at(unit)}`;
  return {
    add(result) {
      const { part, problem, sample, outcomes } = result;
      found.add(key(part, result));
      tally[part]++;
      errors.add(result);
      const entry = entries[at(result)];
      if (part === "episodes") {
        entries[at(result)] = { problem, sample, episode: result.episode, outcomes };
        countEpisode(tally, result.episode, outcomes);
        if (result.episode.kind === "reflected") failures[sample] = (failures[sample] ?? 0) + 1;
      } else if (entry !== undefined) {
        entries[at(result)] = { ...entry, outcomes: { ...entry.outcomes, ...outcomes } };
      }
    },
    has: (part, unit) => found.has(key(part, unit)),
    // What ends with the process is not resumed.
    begin() {},
    begun: () => undefined,
    tally: () => ({ ...tally }),
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
        if (entry?.episode.kind !== "reflected") continue;
        const { completion } = entry.episode.reflection;
        if (!isOnlyThought(completion)) return completion.text;
      }
      return undefined;
    },
    failures: (sample) => failures[sample] ?? 0,
    outcomes: (problems) =>
      Array.from({ length: problems }, (_, problem) =>
        entries.slice(problem * samples, (problem + 1) * samples).map(({ outcomes }) => outcomes),
      ),
    answers: () => answersOf(entries.map(({ episode }) => episode)),
    errors: errors.counts,
    entries: () => entries,
  };
}

/** Adds an episode to the counts of what passed. */
export function countEpisode(
  tally: { first: number; after: number; errored: number },
  episode: Episode,
  { first, after }: Outcomes,
): void {
  tally.first += Number(first ?? false);
  tally.after += Number(after ?? false);
  tally.errored += Number(episode.kind === "errored");
}
