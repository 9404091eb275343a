import type { RunDatabase } from "./database.ts";

const CONTROLS = "('blind', 'fresh', 'donor', 'passAt2', 'matched', 'leak')";
const ERRORED = "kind = 'errored' AND part IS NOT NULL";

/**
 * Episodes whose controls are measured again: those of which one errored, and those that may now get another donor. That is
 * the next problem in the ring whose same sample failed, and each that errored stood in the way of one before it; where
 * hardly any failed, none had a donor.
 */
const CONTROLS_TO_DO_AGAIN = `
  WITH errored AS (SELECT stage, sample, problem FROM episode WHERE kind = 'errored' AND part = 'episodes'),
  waiting AS (
    SELECT stage, sample, coalesce(
      (SELECT max(e.problem) FROM episode e WHERE e.stage = errored.stage AND e.part = 'episodes'
         AND e.sample = errored.sample AND e.kind = 'reflected' AND e.problem < errored.problem),
      (SELECT max(e.problem) FROM episode e WHERE e.stage = errored.stage AND e.part = 'episodes'
         AND e.sample = errored.sample AND e.kind = 'reflected')) AS problem
    FROM errored),
  alone AS (
    SELECT stage, sample FROM (SELECT DISTINCT stage, sample FROM errored) d
    WHERE 2 > (SELECT count(*) FROM episode e WHERE e.stage = d.stage AND e.part = 'episodes'
      AND e.sample = d.sample AND e.kind = 'reflected'))
  SELECT id, stage, problem, sample FROM episode WHERE controls = 'done' AND (
    id IN (SELECT episode FROM turn WHERE finish = 'error')
    OR (stage, sample, problem) IN (SELECT stage, sample, problem FROM waiting)
    OR (stage, sample) IN (SELECT stage, sample FROM alone))`;

/**
 * Forgets what errored in evaluations, so that it is measured again. An attempt that failed before the error stays, as do the
 * rounds that it has had: who asked for it once more would give what failed a second chance, and what passed none.
 */
export function forgetErrored(db: RunDatabase): void {
  const again = db.prepare(CONTROLS_TO_DO_AGAIN).all() as readonly {
    readonly id: number;
    readonly stage: string;
    readonly problem: number;
    readonly sample: number;
  }[];
  const turns = db.prepare(
    "DELETE FROM turn WHERE episode = ? AND role IN ('blind', 'donor', 'independent')",
  );
  const outcomes = db.prepare(
    `DELETE FROM outcome WHERE stage = ? AND problem = ? AND sample = ? AND measure IN ${CONTROLS}`,
  );
  const undone = db.prepare("UPDATE episode SET controls = NULL WHERE id = ?");
  for (const { id, stage, problem, sample } of again) {
    turns.run(id);
    outcomes.run(stage, problem, sample);
    undone.run(id);
  }
  // A reflection that got no retry is written once more, with the same seed.
  db.prepare(
    `DELETE FROM turn WHERE role = 'reflection' AND episode IN (SELECT id FROM episode WHERE ${ERRORED})
       AND position = (SELECT max(t.position) FROM turn t WHERE t.episode = turn.episode)`,
  ).run();
  forgetEpisodes(db, `${ERRORED} AND NOT EXISTS (SELECT 1 FROM turn t WHERE t.episode = episode.id)`);
  db.prepare(
    `UPDATE episode SET kind = 'failed', controls = NULL, error_code = NULL, error = NULL, error_turn = NULL
     WHERE ${ERRORED}`,
  ).run();
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
