import type { Evaluation, Measure, Outcomes, OutcomeTable } from "@rrr/trainer";
import type Database from "libsql";

/** A row of the table `outcome`. */
export interface OutcomeRow {
  readonly stage: string;
  readonly problem: number;
  readonly member: number;
  readonly measure: Measure;
  readonly outcome: "pass" | "fail";
}

/** Outcomes of a stage by problem and sample; a sample that errored has none, one not there yet has no place. */
export function outcomeTable(db: Database.Database, stage: string, problems: number): OutcomeTable {
  const table: Record<string, boolean>[][] = Array.from({ length: problems }, () => []);
  const units = db.prepare("SELECT problem, member FROM episode WHERE stage = ?").iterate(stage);
  for (const { problem, member } of units as Iterable<{ problem: number; member: number }>) {
    const samples = table[problem];
    if (samples !== undefined) samples[member] = {};
  }
  const rows = db
    .prepare("SELECT problem, member, measure, outcome FROM outcome WHERE stage = ?")
    .iterate(stage);
  for (const { problem, member, measure, outcome } of rows as Iterable<OutcomeRow>) {
    const found = table[problem]?.[member];
    if (found !== undefined) found[measure] = outcome === "pass";
  }
  return table.map((samples): readonly Outcomes[] => samples.filter((outcomes) => outcomes !== undefined));
}

/** Mean sampled tokens of each turn of a stage's episodes, controls left out. */
export function meanTokens(db: Database.Database, stage: string): Evaluation["tokens"] {
  const rows = db
    .prepare(
      `SELECT t.role AS role, avg(t.tokens) AS tokens FROM episode e JOIN turn t ON t.episode = e.id
       WHERE e.stage = ? AND t.role IN ('attempt', 'reflection', 'retry') AND t.tokens IS NOT NULL GROUP BY t.role`,
    )
    .all(stage) as { readonly role: string; readonly tokens: number }[];
  const means = new Map(rows.map(({ role, tokens }) => [role, tokens]));
  const of = (role: string) => (means.has(role) ? { [role]: means.get(role) } : {});
  return { ...of("attempt"), ...of("reflection"), ...of("retry") };
}
