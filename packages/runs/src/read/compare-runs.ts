import { RrrError } from "@rrr/core";
import {
  type Comparison,
  compareOutcomes,
  type Measurements,
  measuresOf,
  type OfMeasures,
  type OutcomeTable,
  summarize,
} from "@rrr/trainer";
import type { EvaluationStage } from "../flow/stages.ts";
import { compareEach, type EvaluationSummary } from "../report/result.ts";
import { findRun } from "./find-runs.ts";
import { openRunReader } from "./run-reader.ts";
import { type RunState, runState } from "./run-state.ts";
import { type SettingDifference, type SettingsSide, settingDifferences } from "./setting-differences.ts";

/** One of the two evaluations that are compared. */
export interface ComparedRun {
  /** As it was named. */
  readonly name: string;
  readonly folder: string;
  readonly task: string;
  readonly model: string;
  readonly stage: EvaluationStage;
  readonly status: RunState;
  /** Over the problems that both have. */
  readonly summary: Pick<
    EvaluationSummary,
    "rates" | "passAt" | "errored" | "answers" | "samples" | "rounds" | "asked" | "done"
  >;
}

/** A problem that passes in one run and not in the other, in the greater part of its samples. */
export interface Flip {
  readonly measure: "first" | "after";
  /** Its number in each of the two runs. */
  readonly problems: readonly [number, number];
  readonly item: unknown;
  readonly shares: readonly [number, number];
}

export interface RunComparison {
  readonly runs: readonly [ComparedRun, ComparedRun];
  /** Problems that both have. */
  readonly problems: number;
  /** Problems of each run that the other does not have. */
  readonly left: readonly [number, number];
  /** Second run against the first. */
  readonly differences: Readonly<OfMeasures<Comparison>>;
  readonly flips: readonly Flip[];
  /** What the two did not do alike, beside the model. */
  readonly settings: readonly SettingDifference[];
}

interface Side extends Measurements {
  readonly name: string;
  readonly folder: string;
  readonly task: string;
  readonly model: string;
  readonly stage: EvaluationStage;
  readonly status: RunState;
  readonly items: ReadonlyMap<number, string>;
  /** Of all problems, those included that are still to come; undefined where the run does not say. */
  readonly itemsHash: unknown;
  readonly errored: number;
  readonly done?: number;
  readonly samples: number;
  readonly answers: EvaluationSummary["answers"];
  readonly settings: SettingsSide;
}

/**
 * Two evaluations on the problems that both have, paired problem by problem. `name:before` is the evaluation before
 * training; where nothing is said, the last one is meant.
 * @throws RrrError `bad-run`, `bad-argument` where they have no problem in common
 */
export function compareRuns(first: string, second: string, cwd: string): RunComparison {
  const [a, b] = [readSide(first, cwd), readSide(second, cwd)];
  // Of problems that are still to come nothing is stored; where all are the same, their numbers are.
  const isSame = a.itemsHash !== undefined && a.itemsHash === b.itemsHash;
  const pairs = isSame ? a.table.map((_, i) => [i, i] as const) : pairProblems(a.items, b.items);
  if (pairs.length === 0) {
    throw new RrrError("bad-argument", `${first} and ${second} have no problem in common`, {
      hint: `They are of ${a.task} and ${b.task}; the same task, options and --seed give the same problems. Without --preset, the built-in model gets smaller ones than other models.`,
    });
  }
  const tableA = pairs.map(([problem]) => a.table[problem] ?? []);
  const tableB = pairs.map(([, problem]) => b.table[problem] ?? []);
  const measures = measuresOf(Math.min(a.rounds, b.rounds));
  return {
    runs: [toCompared(a, tableA), toCompared(b, tableB)],
    problems: pairs.length,
    left: isSame ? [0, 0] : [a.items.size - pairs.length, b.items.size - pairs.length],
    differences: compareEach(measures, (measure) =>
      compareOutcomes([{ ...a, table: tableA }, measure], [{ ...b, table: tableB }, measure]),
    ),
    settings: settingDifferences(a.settings, b.settings),
    flips: (["first", "after"] as const).flatMap((measure) =>
      pairs.flatMap((problems, i) => {
        const shares = [tableA[i], tableB[i]].map((samples = []) => {
          const known = samples.filter((outcomes) => outcomes[measure] !== undefined);
          return known.filter((outcomes) => outcomes[measure]).length / known.length;
        }) as [number, number];
        // Where all samples of a problem errored there is no share, and no flip.
        if (shares.some(Number.isNaN) || shares[0] > 0.5 === shares[1] > 0.5) return [];
        return [
          { measure, problems, item: JSON.parse(a.items.get(problems[0]) as string) as unknown, shares },
        ];
      }),
    ),
  };
}

/** Problems with the same item; one that a task has several times is paired in the order in which it comes. */
function pairProblems(
  first: ReadonlyMap<number, string>,
  second: ReadonlyMap<number, string>,
): readonly (readonly [number, number])[] {
  const places = new Map<string, number[]>();
  for (const [problem, item] of second) {
    const known = places.get(item);
    if (known === undefined) places.set(item, [problem]);
    else known.push(problem);
  }
  return [...first].flatMap(([problem, item]) => {
    const other = places.get(item)?.shift();
    return other === undefined ? [] : [[problem, other] as const];
  });
}

function readSide(name: string, cwd: string): Side {
  const [, path = name, which] = /^(.*):(before|after)$/s.exec(name) ?? [];
  const reader = openRunReader(findRun(path, cwd).folder);
  try {
    const { folder, task, model } = reader.run;
    const status = runState(reader.run);
    const stage = which === undefined ? reader.stages.at(-1) : reader.stages.find((each) => each === which);
    if (stage === undefined) {
      throw new RrrError(
        "bad-run",
        `${name} has no evaluation${which === undefined ? "" : ` ${which} training`}`,
        {
          hint: `\`rrr show ${path}\` says what it has.`,
        },
      );
    }
    const { table, samples, rounds, asked, answers, errored, done } = reader.measured(stage);
    const { items: itemsHash } = (reader.run.identity.task ?? {}) as { readonly items?: unknown };
    const items = reader.problems(stage);
    const settings = { ...reader.run, cachedShare: cachedShare(answers) };
    const open = done === undefined ? {} : { done };
    const measured = { table, samples, rounds, asked, answers, errored, ...open };
    return { name, folder, task, model, stage, status, items, itemsHash, settings, ...measured };
  } finally {
    reader.close();
  }
}

function toCompared(side: Side, table: OutcomeTable): ComparedRun {
  const { name, folder, task, model, stage, status, samples, rounds, asked, answers, done } = side;
  const figures = summarize({ table, rounds, asked });
  // Of a run that goes on, what is still to come has no outcome either.
  const errored = Math.min(figures.errored, side.errored);
  const open = done === undefined ? {} : { done };
  const summary = { ...figures, errored, answers, samples, rounds, asked, ...open };
  return { name, folder, task, model, stage, status, summary };
}

function cachedShare(turns: EvaluationSummary["answers"]): number | undefined {
  const counts = Object.values(turns);
  const answers = counts.reduce((sum, turn) => sum + turn.answers, 0);
  return answers === 0 ? undefined : counts.reduce((sum, turn) => sum + turn.cached, 0) / answers;
}
