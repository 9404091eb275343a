import type { Evaluation, EvaluationPart, Outcomes, OutcomeTable, Tally, UnitResult } from "@rrr/trainer";
import type { EvaluationStage } from "../flow/stages.ts";
import { damaged, type RunDatabase } from "./database.ts";
import type { OutcomeRow } from "./schema.ts";

const MOST_SAMPLES = 1_000_000;

/**
 * Outcomes of a stage by problem and sample; a sample that errored has none, one not there yet has no place.
 * @param waiting outcomes that are not in the database yet
 */
export function outcomeTable(
  db: RunDatabase,
  stage: EvaluationStage,
  problems: number,
  waiting: readonly UnitResult[] = [],
): OutcomeTable {
  const table: Record<string, boolean>[][] = Array.from({ length: problems }, () => []);
  const units = db
    .prepare("SELECT problem, sample FROM episode WHERE stage = ? AND part = 'episodes'")
    .iterate(stage);
  for (const { problem, sample } of units as Iterable<{ problem: number; sample: number }>) {
    const samples = table[problem];
    // No evaluation has so many samples; a damaged file may.
    if (samples === undefined || !(sample >= 0 && sample < MOST_SAMPLES)) {
      throw damaged(db.path, new Error(`${stage} has no problem ${problem}, sample ${sample}`));
    }
    samples[sample] = {};
  }
  const rows = db
    .prepare("SELECT problem, sample, measure, outcome FROM outcome WHERE stage = ?")
    .iterate(stage);
  for (const { problem, sample, measure, outcome } of rows as Iterable<OutcomeRow>) {
    const found = table[problem]?.[sample];
    if (found === undefined || (outcome !== "pass" && outcome !== "fail")) {
      throw damaged(db.path, new Error(`${stage} has an outcome of problem ${problem} that no episode has`));
    }
    found[measure] = outcome === "pass";
  }
  for (const { problem, sample, outcomes } of waiting)
    Object.assign(table[problem]?.[sample] ?? {}, outcomes);
  return table.map((samples): readonly Outcomes[] => samples.filter((outcomes) => outcomes !== undefined));
}

/** Mean sampled tokens of each turn of a stage's episodes, controls left out. */
export function meanTokens(db: RunDatabase, stage: EvaluationStage): Evaluation["tokens"] {
  const rows = db
    .prepare(
      `SELECT t.role AS role, avg(t.tokens) AS tokens FROM episode e JOIN turn t ON t.episode = e.id
       WHERE e.stage = ? AND e.part = 'episodes' AND t.role IN ('attempt', 'reflection', 'retry')
         AND t.tokens IS NOT NULL GROUP BY t.role`,
    )
    .all(stage) as { readonly role: string; readonly tokens: number }[];
  const means = new Map(rows.map(({ role, tokens }) => [role, tokens]));
  const of = (role: string) => (means.has(role) ? { [role]: means.get(role) } : {});
  return { ...of("attempt"), ...of("reflection"), ...of("retry") };
}

/** How much of a stage is there. */
export function tallyOf(db: RunDatabase, stage: EvaluationStage): Tally {
  const count = (sql: string): number => (db.prepare(sql).get(stage) as { readonly n: number }).n;
  const episodes = (and: string): number =>
    count(`SELECT count(*) AS n FROM episode WHERE stage = ? AND ${and}`);
  const passed = (measure: "first" | "after"): number =>
    count(
      `SELECT count(*) AS n FROM outcome WHERE stage = ? AND measure = '${measure}' AND outcome = 'pass'`,
    );
  return {
    episodes: episodes("part = 'episodes'"),
    controls: episodes("part = 'episodes' AND controls = 'done'"),
    greedy: episodes("part = 'greedy'"),
    first: passed("first"),
    after: passed("after"),
    errored: episodes("part = 'episodes' AND kind = 'errored'"),
  };
}

/** The units that a stage has: part by part, a bit for each. */
export function knownUnits(
  db: RunDatabase,
  stage: EvaluationStage,
): (part: EvaluationPart, problem: number, sample: number) => boolean {
  const bits = { episodes: [], controls: [], greedy: [] } as Record<EvaluationPart, Uint8Array[]>;
  const mark = (part: EvaluationPart, sample: number, problem: number): void => {
    let of = bits[part][sample];
    if (of === undefined || problem >= of.length) {
      const grown = new Uint8Array(Math.max(1_024, 2 * problem));
      if (of !== undefined) grown.set(of);
      bits[part][sample] = of = grown;
    }
    of[problem] = 1;
  };
  const rows = db
    .prepare("SELECT part, problem, sample, controls FROM episode WHERE stage = ?")
    .iterate(stage) as Iterable<{
    readonly part: "episodes" | "greedy";
    readonly problem: number;
    readonly sample: number;
    readonly controls: string | null;
  }>;
  for (const { part, problem, sample, controls } of rows) {
    mark(part, sample, problem);
    if (controls !== null) mark("controls", sample, problem);
  }
  return (part, problem, sample) => bits[part][sample]?.[problem] === 1;
}
