import type { RunDatabase } from "./database.ts";

const CONTROLS = "('blind', 'donor', 'passAt2', 'matched')";

/** Controls of a failed attempt without an outcome that others of the same evaluation have: one of them errored. */
const LACKING = `
  SELECT e.id AS id, e.stage AS stage, e.problem AS problem, e.sample AS sample FROM episode e
  WHERE e.controls = 'done' AND e.kind = 'reflected' AND EXISTS (
    SELECT 1 FROM (SELECT DISTINCT stage, measure FROM outcome WHERE measure IN ${CONTROLS}) m
    WHERE m.stage = e.stage AND NOT EXISTS (
      SELECT 1 FROM outcome o
      WHERE o.stage = e.stage AND o.problem = e.problem AND o.sample = e.sample AND o.measure = m.measure))`;

/** Forgets the episodes of evaluations that errored, and the controls that did, so that they are measured again. */
export function forgetErrored(db: RunDatabase): void {
  forgetEpisodes(db, "kind = 'errored' AND part IS NOT NULL");
  const turns = db.prepare(
    "DELETE FROM turn WHERE episode = ? AND role IN ('blind', 'donor', 'independent')",
  );
  const outcomes = db.prepare(
    `DELETE FROM outcome WHERE stage = ? AND problem = ? AND sample = ?
       AND (measure IN ${CONTROLS} OR measure = 'leak')`,
  );
  const undone = db.prepare("UPDATE episode SET controls = NULL WHERE id = ?");
  const lacking = db.prepare(LACKING).all() as readonly {
    readonly id: number;
    readonly stage: string;
    readonly problem: number;
    readonly sample: number;
  }[];
  for (const { id, stage, problem, sample } of lacking) {
    turns.run(id);
    outcomes.run(stage, problem, sample);
    undone.run(id);
  }
}

/** @param where a condition on the table `episode` */
export function forgetEpisodes(
  db: RunDatabase,
  where: string,
  ...values: readonly (string | number)[]
): void {
  db.prepare(`DELETE FROM turn WHERE episode IN (SELECT id FROM episode WHERE ${where})`).run(...values);
  db.prepare(`DELETE FROM episode WHERE ${where}`).run(...values);
}
