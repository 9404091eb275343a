import type { Task } from "@rrr/core";
import type { EvaluationRecord, EvaluationStage, UnitResult } from "@rrr/trainer";
import type Database from "libsql";
import { answerRows, type PlacedEpisode } from "./episode-rows.ts";
import { readEpisode } from "./read-episode.ts";
import type { Writing } from "./writing.ts";

/** Results wait so long, or for so many others, to be written together: one sync of the disk for all of them. */
const BATCH = 64;
const BATCH_MS = 100;

/** An evaluation's results in the run store, in place of memory. */
export interface StageRecord extends EvaluationRecord {
  add(result: UnitResult): void;
  /** Writes what waits. What was added is on disk when it returns. @throws RrrError `bad-run` */
  flush(): void;
}

/**
 * @param stage of the episodes, e.g. `evaluate-before`; those of greedy decoding get the name with `-greedy`
 */
export function createStageRecord(
  db: Database.Database,
  writing: Writing,
  write: (placed: PlacedEpisode) => void,
  stage: string,
  task: Task,
): StageRecord {
  const outcomes = db.prepare("INSERT INTO outcome VALUES (?, ?, ?, ?, ?)");
  const turn = db.prepare(`INSERT INTO turn VALUES (${Array(11).fill("?").join(", ")})`);
  const place = db.prepare("SELECT id FROM episode WHERE stage = ? AND problem = ? AND member = ?");
  const turns = db.prepare("SELECT count(*) AS n FROM turn WHERE episode = ?");
  const controlled = db.prepare("UPDATE episode SET controls = 'done' WHERE id = ?");
  const donorAfter = db.prepare(
    `SELECT t.text AS text FROM episode e JOIN turn t ON t.episode = e.id AND t.position = 1
     WHERE e.stage = ? AND coalesce(e.step, 0) = 0 AND e.member = ? AND e.kind = 'reflected'
       AND e.problem > ? AND e.problem < ? ORDER BY e.problem LIMIT 1`,
  );
  const failures = db.prepare(
    "SELECT count(*) AS n FROM episode WHERE stage = ? AND member = ? AND kind = 'reflected'",
  );
  const before = knownUnits(db, stage);
  const failuresOf = new Map<number, number>();
  let pending: UnitResult[] = [];
  let timer: NodeJS.Timeout | undefined;
  let failed: unknown;

  function writeResult(result: UnitResult): void {
    const { problem, sample } = result;
    if (result.stage === "controls") {
      const { id } = place.get(stage, problem, sample) as { id: number };
      const { n } = turns.get(id) as { n: number };
      for (const row of answerRows(result.answers, n)) turn.run(id, ...row);
      controlled.run(id);
    } else {
      const name = result.stage === "greedy" ? `${stage}-greedy` : stage;
      write({ stage: name, problem, member: sample, episode: result.episode });
    }
    for (const [measure, passed] of Object.entries(result.outcomes)) {
      outcomes.run(stage, problem, sample, measure, passed ? "pass" : "fail");
    }
  }
  const writeAll = writing((results: readonly UnitResult[]) => results.forEach(writeResult));

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (failed !== undefined) throw failed;
    const results = pending;
    pending = [];
    if (results.length > 0) writeAll(results);
  }

  return {
    add(result) {
      pending.push(result);
      if (pending.length >= BATCH || failed !== undefined) flush();
      // Where nothing more comes for a while.
      timer ??= setTimeout(() => {
        try {
          flush();
        } catch (error) {
          failed = error;
        }
      }, BATCH_MS);
    },
    flush,
    has: (part, { problem, sample }) => before[part].has(`${problem} ${sample}`),
    episode(unit) {
      flush();
      return readEpisode(db, task, stage, unit);
    },
    donor({ problem, sample }) {
      flush();
      const later = donorAfter.get(stage, sample, problem, Number.MAX_SAFE_INTEGER);
      const found = later ?? donorAfter.get(stage, sample, -1, problem);
      return (found as { text: string } | undefined)?.text;
    },
    failures(sample) {
      flush();
      const known = failuresOf.get(sample) ?? (failures.get(stage, sample) as { n: number }).n;
      failuresOf.set(sample, known);
      return known;
    },
  };
}

/** Units that an interrupted evaluation has finished already. */
function knownUnits(
  db: Database.Database,
  stage: string,
): Readonly<Record<EvaluationStage, ReadonlySet<string>>> {
  const units = (name: string, and: string): ReadonlySet<string> => {
    const rows = db.prepare(`SELECT problem, member FROM episode WHERE stage = ? ${and}`).all(name);
    return new Set(
      (rows as { problem: number; member: number }[]).map((row) => `${row.problem} ${row.member}`),
    );
  };
  return {
    episodes: units(stage, ""),
    controls: units(stage, "AND controls = 'done'"),
    greedy: units(`${stage}-greedy`, ""),
  };
}
