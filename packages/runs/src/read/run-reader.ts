import type { Message } from "@rrr/core";
import { type Asked, countedTable, type Outcomes, type OutcomeTable, summarize } from "@rrr/trainer";
import { EVALUATION_STAGES, type EvaluationStage, type RunStage } from "../flow/stages.ts";
import { checkpointsOf, stepOfCheckpoint } from "../prune/run-files.ts";
import type { Measured } from "../report/result.ts";
import { type TrainingOutcome, trainingOutcome } from "../report/training-outcome.ts";
import { damaged, jsonOf, openDatabase, type RunDatabase } from "../store/database.ts";
import { createEpisodeReader } from "../store/read-episode.ts";
import { answersOf, errorsOf, outcomeTable, tallyOf } from "../store/read-outcomes.ts";
import {
  EPISODE,
  type EpisodeRow,
  type NewsRow,
  type OutcomeRow,
  type StepRow,
  type TurnRow,
} from "../store/schema.ts";
import { type StoredRun, storedRun } from "../store/stored-run.ts";
import { probeScores, stepFigures, trainingEnd } from "../store/training-rows.ts";
import { type RunCurves, runCurves } from "./run-curves.ts";

/** A turn of an episode; `prompt` is the number of the last message that the model was shown. */
export type StoredTurn = Omit<TurnRow, "episode" | "token_ids" | "logprobs">;

/** An episode as the run store has it, its item as JSON, with its turns in order. */
export interface StoredEpisode extends Omit<EpisodeRow, "item" | "controls"> {
  readonly item: string;
  readonly turns: readonly StoredTurn[];
}

export interface EpisodePage {
  readonly episodes: readonly StoredEpisode[];
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
}

export interface PageSettings {
  readonly stage?: RunStage;
  /** Number of an episode: those after it. Default: from the first. */
  readonly after?: number;
  /** Default 100. */
  readonly limit?: number;
}

/** A saved step: a folder that is a model too. */
export interface StoredCheckpoint {
  readonly step: number;
  /** Absolute. */
  readonly folder: string;
  readonly isMeasured: boolean;
}

/** What happened since a cursor. */
export interface News {
  readonly entries: readonly NewsRow[];
  /** To ask with next time. */
  readonly cursor: number;
}

/** Looks at a run, finished or not; another process may be writing it. Everything throws `bad-run` on damage. */
export interface RunReader {
  readonly run: StoredRun;
  /** Evaluations that have begun, in their order. */
  readonly stages: readonly EvaluationStage[];
  /** The problems of an evaluation as JSON, by their numbers; an unfinished one lacks some. */
  problems(stage: EvaluationStage): ReadonlyMap<number, string>;
  measured(stage: EvaluationStage): Measured;
  outcomes(): Iterable<OutcomeRow>;
  /** One after another in the order of their places, so that a long run fits into memory. @param stage default: all */
  episodes(stage?: RunStage): Generator<StoredEpisode, void, undefined>;
  /** A page of episodes, in the order in which they were recorded. */
  page(settings?: PageSettings): EpisodePage;
  episode(id: number): StoredEpisode | undefined;
  /** All episodes of a problem: the samples of an evaluation, or the group of reflections on a failure in a step. */
  together(place: Pick<EpisodeRow, "stage" | "part" | "step" | "problem">): readonly StoredEpisode[];
  /** What the model was shown before a turn; empty in a run that an older version wrote. */
  messages(turn: Pick<StoredTurn, "prompt">): readonly Message[];
  /** Sampled tokens of a turn and the log-probability of each; undefined where the model did not say them. */
  tokens(
    episode: number,
    position: number,
  ): { readonly ids: Int32Array; readonly logprobs: Float32Array } | undefined;
  steps(): readonly StepRow[];
  /** What learning curves show: figures by step, as far as the run has come. */
  curves(): RunCurves;
  /** What is saved of the weights, the oldest first; `isMeasured`: the one that counts, where one was chosen. */
  checkpoints(): readonly StoredCheckpoint[];
  /** How training ended and what it was warned of; undefined where there is nothing to say. */
  training(): TrainingOutcome | undefined;
  /** What is new. @param cursor of an earlier call; 0 for all @param limit most entries, default 1,000 */
  news(cursor: number, limit?: number): News;
  /** The cursor behind all that there is. */
  newest(): number;
  /** The run's own row as it is now. */
  refresh(): StoredRun;
  close(): void;
}

const OWN = EPISODE.columns.filter((name) => name !== "item").map((name) => `e.${name} AS ${name}`);
const EPISODES = `SELECT ${OWN.join(", ")}, i.json AS item FROM episode e JOIN item i ON i.id = e.item`;
const TURNS = `SELECT position, role, prompt, text, reasoning, finish, prompt_tokens, tokens, cached, estimated, verdict,
  code, detail FROM turn WHERE episode = ? ORDER BY position`;

/** @throws RrrError `bad-run` */
export function openRunReader(folder: string): RunReader {
  const db = openDatabase(folder, "read");
  try {
    return toReader(db, storedRun(db, folder), folder);
  } catch (error) {
    db.close();
    throw error;
  }
}

function toReader(db: RunDatabase, run: StoredRun, folder: string): RunReader {
  const stages = EVALUATION_STAGES.filter((stage) =>
    db.prepare("SELECT 1 FROM episode WHERE stage = ? LIMIT 1").get(stage),
  );
  const turns = db.prepare(TURNS);
  const reader = createEpisodeReader(db);

  function problems(stage: EvaluationStage): ReadonlyMap<number, string> {
    const rows = db
      .prepare(
        `SELECT e.problem AS problem, min(i.json) AS item FROM episode e JOIN item i ON i.id = e.item
         WHERE e.stage = ? GROUP BY e.problem`,
      )
      .all(stage) as { readonly problem: number; readonly item: string }[];
    for (const { item } of rows) jsonOf(db, item);
    return new Map(rows.map(({ problem, item }) => [problem, item]));
  }
  function measured(stage: EvaluationStage): Measured {
    const { samples, rounds } = run;
    const known = problems(stage);
    const last = [...known.keys()].reduce((most, problem) => Math.max(most, problem), -1);
    const planned = plannedProblems(db, run, last);
    const table: OutcomeTable = outcomeTable(db, stage, planned ?? last + 1, rounds);
    if (planned !== undefined) checkWhole(db, run, stage, table);
    if (table.filter(({ length }) => length > 0).length !== known.size) {
      throw damaged(db.path, new Error(`problems of ${stage} lack their items`));
    }
    const { asked = askedIn(table) } = run;
    const answers = answersOf(db, stage);
    // What is not there yet is no reason for the share of what is.
    const whole = planned === undefined ? table : table.map((outcomes) => filled(outcomes, samples));
    const counted = countedTable(whole, answers);
    const { episodes: done, errored } = tallyOf(db, stage);
    const problemsOf = planned ?? known.size;
    return {
      ...summarize({ table: counted, rounds, asked }),
      ...{ errored, errors: errorsOf(db, stage), answers, samples, rounds, asked, table: counted },
      problems: problemsOf,
      ...(done < problemsOf * samples ? { done } : {}),
    };
  }
  function withTurns({ controls: _, ...row }: EpisodeRow): StoredEpisode {
    const item = String(row.item);
    // Whoever reads it may take it for JSON.
    jsonOf(db, item);
    return { ...row, item, turns: turns.all(row.id) as StoredTurn[] };
  }
  function select(
    where: string,
    order: string,
    ...values: readonly (string | number)[]
  ): Iterable<EpisodeRow> {
    return db.prepare(`${EPISODES} ${where} ${order}`).iterate(...values) as Iterable<EpisodeRow>;
  }

  return {
    run,
    stages,
    problems,
    measured,
    outcomes: () =>
      db
        .prepare("SELECT * FROM outcome ORDER BY stage, problem, sample, measure")
        .iterate() as Iterable<OutcomeRow>,
    *episodes(stage) {
      const where = stage === undefined ? "" : "WHERE e.stage = ?";
      // In the words of the index by place: rows come as they are read, not once all are sorted.
      const order = "ORDER BY e.stage, coalesce(e.part, ''), coalesce(e.step, 0), e.problem, e.sample";
      for (const row of select(where, order, ...(stage === undefined ? [] : [stage]))) yield withTurns(row);
    },
    page({ stage, after = 0, limit = 100 } = {}) {
      const where = `WHERE e.id > ?${stage === undefined ? "" : " AND e.stage = ?"}`;
      const values = [after, ...(stage === undefined ? [] : [stage]), limit + 1];
      const rows = [...select(where, "ORDER BY e.id LIMIT ?", ...values)];
      const episodes = rows.slice(0, limit).map(withTurns);
      return { episodes, next: rows.length > limit ? episodes.at(-1)?.id : undefined };
    },
    episode(id) {
      const [row] = [...select("WHERE e.id = ?", "", id)];
      return row && withTurns(row);
    },
    together({ stage, part, step, problem }) {
      // In the words of the index by place.
      const where = `WHERE e.stage = ? AND coalesce(e.part, '') = ? AND coalesce(e.step, 0) = ? AND e.problem = ?`;
      const values = [stage, part ?? "", step ?? 0, problem];
      return [...select(where, "ORDER BY e.sample", ...values)].map(withTurns);
    },
    messages: ({ prompt }) => reader.conversation(prompt),
    tokens(episode, position) {
      const row = db
        .prepare("SELECT token_ids, logprobs FROM turn WHERE episode = ? AND position = ?")
        .get(episode, position) as Pick<TurnRow, "token_ids" | "logprobs"> | undefined;
      if (row?.token_ids == null || row.logprobs == null) return undefined;
      return { ids: new Int32Array(copyOf(row.token_ids)), logprobs: new Float32Array(copyOf(row.logprobs)) };
    },
    steps: () => db.prepare("SELECT * FROM step ORDER BY step").all() as StepRow[],
    curves() {
      const evaluations = new Map(stages.map((stage) => [stage, measured(stage)]));
      return runCurves(db, run, evaluations, isWatched(run) ? trainingEnd(db) : undefined);
    },
    checkpoints() {
      const counts = isWatched(run) ? trainingEnd(db)?.measured : undefined;
      return checkpointsOf(run.folder).map((path) => {
        const step = stepOfCheckpoint(path);
        return { step, folder: path, isMeasured: step === counts };
      });
    },
    training() {
      if (!isWatched(run)) return undefined;
      const rows = {
        steps: () => stepFigures(db),
        probes: () => probeScores(db),
        trainingEnd: () => trainingEnd(db),
      };
      return trainingOutcome(rows);
    },
    news(cursor, limit = 1_000) {
      const sql = "SELECT * FROM news WHERE seq > ? ORDER BY seq LIMIT ?";
      const entries = db.prepare(sql).all(cursor, limit) as NewsRow[];
      return { entries, cursor: entries.at(-1)?.seq ?? cursor };
    },
    newest: () =>
      (db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM news").get() as { readonly seq: number }).seq,
    refresh: () => storedRun(db, folder),
    close: () => db.close(),
  };
}

/** Runs of earlier versions were not. */
function isWatched({ spec }: StoredRun): boolean {
  return spec?.plan.kind === "train" && spec.plan.rails !== undefined;
}

/** The outcomes of a problem, with nothing in the place of those that are still to come. */
function filled(outcomes: readonly Outcomes[], samples: number): readonly Outcomes[] {
  if (outcomes.length >= samples) return outcomes;
  return [...outcomes, ...Array.from({ length: samples - outcomes.length }, (): Outcomes => ({}))];
}

/** What a run of an older version was asked for, by what it has. */
function askedIn(table: OutcomeTable): Asked {
  const has = (measure: "blind" | "greedyFirst"): boolean =>
    table.some((samples) => samples.some((outcomes) => outcomes[measure] !== undefined));
  return { controls: has("blind"), greedy: has("greedyFirst") };
}

/** Problems of a run, as it says itself; undefined where it does not. */
function plannedProblems({ path }: RunDatabase, { identity }: StoredRun, last: number): number | undefined {
  const { problems } = (identity.task ?? {}) as { readonly problems?: unknown };
  const most = problems ?? MOST_PROBLEMS;
  if (Number.isSafeInteger(most) && last < Number(most) && Number(most) <= MOST_PROBLEMS) {
    return problems === undefined ? undefined : Number(problems);
  }
  throw damaged(path, new Error(`it has a problem ${last} and says that it has ${problems} problems`));
}

/** More than anybody waits for; a damaged file may say so. */
const MOST_PROBLEMS = 50_000_000;

/** A finished run has every sample of every problem: with fewer its shares would be those of other problems. */
function checkWhole(
  { path }: RunDatabase,
  { status, samples }: StoredRun,
  stage: string,
  table: OutcomeTable,
): void {
  if (status !== "finished") return;
  const lacking = table.findIndex(({ length }) => length !== samples);
  if (lacking === -1) return;
  throw damaged(path, new Error(`it is finished, and ${stage} lacks samples of problem ${lacking}`));
}

/** Its own memory, from its start: rows of SQLite lie anywhere. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
