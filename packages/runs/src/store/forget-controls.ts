import type Database from "libsql";

const CONTROLS = "('blind', 'donor', 'passAt2', 'matched')";

/** Controls of a failed attempt without an outcome that others of the same evaluation have: one of them errored. */
const LACKING = `
  SELECT e.id AS id, e.stage AS stage, e.problem AS problem, e.member AS member FROM episode e
  WHERE e.controls = 'done' AND e.kind = 'reflected' AND EXISTS (
    SELECT 1 FROM (SELECT DISTINCT stage, measure FROM outcome WHERE measure IN ${CONTROLS}) m
    WHERE m.stage = e.stage AND NOT EXISTS (
      SELECT 1 FROM outcome o
      WHERE o.stage = e.stage AND o.problem = e.problem AND o.member = e.member AND o.measure = m.measure))`;

/** Forgets the controls that errored, so that they are measured again. */
export function forgetErroredControls(db: Database.Database): void {
  const turns = db.prepare(
    "DELETE FROM turn WHERE episode = ? AND role IN ('blind', 'donor', 'independent')",
  );
  const outcomes = db.prepare(
    `DELETE FROM outcome WHERE stage = ? AND problem = ? AND member = ?
       AND (measure IN ${CONTROLS} OR measure = 'leak')`,
  );
  const undone = db.prepare("UPDATE episode SET controls = NULL WHERE id = ?");
  const lacking = db.prepare(LACKING).all() as readonly {
    readonly id: number;
    readonly stage: string;
    readonly problem: number;
    readonly member: number;
  }[];
  for (const { id, stage, problem, member } of lacking) {
    turns.run(id);
    outcomes.run(stage, problem, member);
    undone.run(id);
  }
}
