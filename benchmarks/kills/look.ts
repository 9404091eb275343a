import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";

/** What a run's store holds, by place: each episode with all that it was asked and wrote, each step with its figures. */
export interface Look {
  readonly found: ReadonlyMap<string, string>;
  /** Places that two episodes have. */
  readonly repeated: number;
  /** Steps without some of their episodes, or the other way round, and counts of failures that are not theirs. */
  readonly torn: number;
  /** The steps of the checkpoints that training resumed from, where it forgot steps after them; in their order. */
  readonly resumedFrom: readonly number[];
}

const NOTHING: Look = { found: new Map(), repeated: 0, torn: 0, resumedFrom: [] };

/** An evaluation's episode that is not at its end grows. */
const EPISODES = `
  SELECT stage || ' ' || coalesce(part, '') || ' ' || coalesce(step, '') || ' ' || problem || ' ' || sample AS place,
    kind || ' ' || i.json || ' ' || coalesce(error, '') || ' ' || coalesce(reward, '') || ' ' ||
    coalesce((SELECT group_concat(role || text) FROM (SELECT role, text FROM turn WHERE episode = e.id
      AND role IN ('attempt', 'reflection', 'retry') ORDER BY position)), '') AS texts
  FROM episode e JOIN item i ON i.id = e.item
  WHERE e.kind <> 'failed' OR e.stage = 'mine'`;

const STEPS = "SELECT step, pass_rate, kept, dropped, loss, grad_norm FROM step";

const FORGOTTEN = "SELECT step FROM news WHERE kind = 'forgotten' AND stage = 'train' ORDER BY seq";

const TORN = `
  SELECT (SELECT count(*) FROM (SELECT step, count(*) AS n FROM episode WHERE stage = 'train' GROUP BY step) e
          FULL JOIN step s ON s.step = e.step WHERE e.n IS NULL OR s.step IS NULL OR e.n <> ?)
       + (SELECT count(*) FROM mining
          WHERE failures <> (SELECT count(*) FROM episode WHERE stage = 'mine'))
       + (SELECT count(*) FROM episode WHERE stage = 'mine' AND NOT EXISTS (SELECT 1 FROM mining)) AS n`;

/** @param episodesPerStep of a run that trains */
export function look(folder: string, episodesPerStep = 0): Look {
  return (
    reading(folder, (db) => {
      // One state of the store, whatever its writer does meanwhile.
      db.exec("BEGIN");
      const rows = db.prepare(EPISODES).all() as { readonly place: string; readonly texts: string }[];
      const steps = (db.prepare(STEPS).all() as { readonly step: number }[]).map(
        (row) => [`step ${row.step}`, JSON.stringify(Object.values(row).slice(0, 6))] as const,
      );
      const found = new Map([...rows.map(({ place, texts }) => [place, texts] as const), ...steps]);
      const { n: torn } = db.prepare(TORN).get(episodesPerStep) as { n: number };
      const forgotten = db.prepare(FORGOTTEN).all() as { readonly step: number }[];
      const resumedFrom = forgotten.map(({ step }) => step);
      return { found, repeated: rows.length + steps.length - found.size, torn, resumedFrom };
    }) ?? NOTHING
  );
}

/**
 * What was there and is not any more, or is otherwise. Steps after the checkpoint that a process has since resumed from are
 * not among it: it forgets them, and does them again.
 */
export function lostSince(before: Look, now: Look): readonly string[] {
  const since = now.resumedFrom.slice(before.resumedFrom.length);
  const last = since.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...since);
  const stepOf = (place: string): number => Number(/^(?:train {2}|step )(\d+)/.exec(place)?.[1] ?? 0);
  return [...before.found]
    .filter(([place, texts]) => now.found.get(place) !== texts && stepOf(place) <= last)
    .map(([place]) => place);
}

/** SQLite's own check of the file. */
export function isSound(folder: string): boolean {
  const verdict = reading(folder, (db) => db.prepare("PRAGMA integrity_check").get());
  return (verdict as { integrity_check: string } | undefined)?.integrity_check === "ok";
}

/** Whether there is anything to resume: a process may die before it has written what it is to do. */
export function hasBegun(folder: string): boolean {
  const has = reading(folder, () => true) ?? false;
  if (!has) rmSync(folder, { recursive: true, force: true });
  return has;
}

/** @returns undefined where there is no run yet */
function reading<Result>(folder: string, read: (db: Database.Database) => Result): Result | undefined {
  const path = join(folder, "run.db");
  if (!existsSync(path)) return undefined;
  const db = new Database(path, { readonly: true, timeout: 5_000 });
  try {
    const run = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'run'").get();
    return run === undefined ? undefined : read(db);
  } finally {
    db.close();
  }
}
