import type { Begun, EvaluationRecord, Outcomes, Unit, UnitResult } from "@rrr/trainer";
import type { EvaluationStage } from "../flow/stages.ts";
import { createBatch } from "./batch.ts";
import type { RunDatabase } from "./database.ts";
import { answerRows, controlErrorRows } from "./episode-rows.ts";
import { forgetEpisodes } from "./forget-errored.ts";
import { AT_PLACE, createEpisodeReader, ONLY_THOUGHT } from "./read-episode.ts";
import { answersOf, errorsOf, knownUnits, outcomeTable, tallyOf } from "./read-outcomes.ts";
import { OUTCOME } from "./schema.ts";
import type { StoreWriter } from "./store-writer.ts";

/** An evaluation's results in the run store, in place of memory. */
export interface StageRecord<Item = unknown> extends EvaluationRecord<Item> {
  /** Writes what waits. What was added is on disk when it returns. @throws RrrError `bad-run` */
  flush(): void;
  /** Writes what waits inside a transaction of the caller's. */
  writeWaiting(): void;
}

export function createStageRecord<Item>(
  writer: StoreWriter,
  stage: EvaluationStage,
  items: readonly unknown[],
  rounds: number,
): StageRecord<Item> {
  const { db, keep } = writer;
  const outcomes = db.prepare(OUTCOME.insert);
  const place = db.prepare(`SELECT id FROM episode WHERE ${AT_PLACE}`);
  const turns = db.prepare("SELECT count(*) AS n FROM turn WHERE episode = ?");
  const controlled = db.prepare("UPDATE episode SET controls = 'done' WHERE id = ?");
  const donorAfter = db.prepare(
    `SELECT t.text AS text FROM episode e JOIN turn t ON t.episode = e.id AND t.position = 1
     WHERE e.stage = ? AND e.part = 'episodes' AND e.sample = ? AND e.kind = 'reflected'
       AND NOT ${ONLY_THOUGHT}
       AND e.problem > ? AND e.problem < ? ORDER BY e.problem LIMIT 1`,
  );
  const failures = db.prepare(
    "SELECT count(*) AS n FROM episode WHERE stage = ? AND part = 'episodes' AND sample = ? AND kind = 'reflected'",
  );
  const reader = createEpisodeReader(db);
  const begun = begunUnits(db, stage);
  const isKnown = knownUnits(db, stage);
  const failuresOf = new Map<number, number>();
  const writeAll = writer.writing(() => writeResults());
  const batch = createBatch<UnitResult>(writeAll);
  /** Episodes that go on: written if they are still there after a moment, and when the run ends. */
  const open = new Map<string, OpenEpisode>();
  const opening = createBatch<OpenEpisode>(
    writer.writing(() => {
      writeResults();
      writeOpen();
    }),
    Number.POSITIVE_INFINITY,
  );
  let hasEpisodesWaiting = false;

  function writeWaiting(): void {
    writeResults();
    writeOpen();
  }

  function writeResults(): void {
    for (const result of batch.take()) {
      if (result.part === "controls") writeControls(result);
      else {
        const { part, problem, sample, episode, seconds } = result;
        open.delete(placeOf(part, result));
        replaceBegun(part, result);
        const item = problem in items ? items[problem] : episode.item;
        writer.addEpisode({ stage, part, problem, sample, item, episode, seconds });
      }
      writeOutcomes(result, result.outcomes);
    }
    hasEpisodesWaiting = false;
  }

  function writeOpen(): void {
    for (const each of opening.take()) {
      const { part, problem, sample, begun: unfinished, outcomes: found } = each;
      const key = placeOf(part, each);
      if (open.get(key) !== each) continue;
      open.delete(key);
      replaceBegun(part, each);
      const { failed, earlier } = unfinished;
      const item = problem in items ? items[problem] : failed.item;
      begun.set(
        key,
        writer.addEpisode({ stage, part, problem, sample, item, episode: { ...failed, earlier } }),
      );
      writeOutcomes(each, found);
    }
  }

  function writeControls(result: Extract<UnitResult, { part: "controls" }>): void {
    const { id } = place.get(stage, "episodes", result.problem, result.sample) as { id: number };
    const { n } = turns.get(id) as { n: number };
    const rows = [...answerRows(result.answers, keep), ...controlErrorRows(result.errors)];
    writer.addTurns(id, rows, n);
    controlled.run(id);
    writer.tell({ kind: "controls", stage, episode: id });
  }

  /** An episode that went on after an error stands in the place of what the error had left. */
  function replaceBegun(part: "episodes" | "greedy", unit: Unit): void {
    const id = begun.get(placeOf(part, unit));
    if (id === undefined) return;
    const greedy = part === "greedy" ? "" : "NOT";
    db.prepare(
      `DELETE FROM outcome WHERE stage = ? AND problem = ? AND sample = ? AND measure ${greedy} LIKE 'greedy%'`,
    ).run(stage, unit.problem, unit.sample);
    forgetEpisodes(db, "id = ?", id);
    begun.delete(placeOf(part, unit));
  }

  function writeOutcomes({ problem, sample }: Unit, found: Outcomes): void {
    for (const [measure, passed] of Object.entries(found) as [keyof Outcomes & "first", boolean][]) {
      outcomes.run(...OUTCOME.cells({ stage, problem, sample, measure, outcome: passed ? "pass" : "fail" }));
    }
  }

  /** Controls read the episodes, and only those: their own rows go on waiting for each other. */
  function settleEpisodes(): void {
    if (hasEpisodesWaiting) writeAll();
  }

  return {
    add(result) {
      hasEpisodesWaiting ||= result.part === "episodes";
      // A control of what was solved asked nothing.
      batch.add(result, result.part !== "controls" || result.answers.length > 0);
    },
    flush() {
      batch.flush();
      opening.flush();
    },
    writeWaiting,
    has: (part, { problem, sample }) => isKnown(part, problem, sample),
    begin(part, { problem, sample }, unfinished, found) {
      const each = { part, problem, sample, begun: unfinished, outcomes: found };
      open.set(placeOf(part, each), each);
      // It hurries nobody: most are at their end before it is written.
      opening.add(each, false);
    },
    begun(part, unit, item) {
      const id = begun.get(placeOf(part, unit));
      return id === undefined ? undefined : reader.begun(id, item);
    },
    tally: () => tallyOf(db, stage),
    episode(unit, item) {
      settleEpisodes();
      return reader.episode(stage, unit, item);
    },
    donor({ problem, sample }) {
      settleEpisodes();
      const later = donorAfter.get(stage, sample, problem, Number.MAX_SAFE_INTEGER);
      const found = later ?? donorAfter.get(stage, sample, -1, problem);
      return (found as { text: string } | undefined)?.text;
    },
    failures(sample) {
      settleEpisodes();
      const known = failuresOf.get(sample) ?? (failures.get(stage, sample) as { n: number }).n;
      failuresOf.set(sample, known);
      return known;
    },
    outcomes(problems) {
      settleEpisodes();
      // What waits is written with what the evaluation comes to.
      return outcomeTable(db, stage, problems, rounds, batch.waiting);
    },
    answers() {
      settleEpisodes();
      return answersOf(db, stage);
    },
    errors() {
      writeAll();
      return errorsOf(db, stage);
    },
  };
}

/** An episode that goes on, and what of it is known. */
interface OpenEpisode extends Unit {
  readonly part: "episodes" | "greedy";
  readonly begun: Begun;
  readonly outcomes: Outcomes;
}

/** Episodes that were interrupted and are to go on, by their place. */
function begunUnits(db: RunDatabase, stage: EvaluationStage): Map<string, number> {
  const rows = db
    .prepare("SELECT id, part, problem, sample FROM episode WHERE stage = ? AND kind = 'failed'")
    .all(stage) as readonly (Unit & { readonly id: number; readonly part: "episodes" | "greedy" })[];
  return new Map(rows.map(({ id, part, ...unit }) => [placeOf(part, unit), id]));
}

function placeOf(part: "episodes" | "greedy", { problem, sample }: Unit): string {
  return `${part} ${problem} ${sample}`;
}
