/** The tables of a run; docs/run-store.md says what each column means. In one file, however long: a version is of all of them. */
import type { Completion, Message, RrrErrorCode } from "@rrr/core";
import type { ControlAnswer, EvaluationPart, Measure } from "@rrr/trainer";
import type { RunStage } from "../flow/stages.ts";
import { defineTable, type Table } from "./table.ts";

/** Counted up with every change that a reader of an older version could trip over. */
export const SCHEMA_VERSION = 3;

export type RunStatus = "running" | "finished" | "stopped" | "failed";

export interface RunRow {
  readonly id: string;
  readonly schema_version: number;
  readonly rrr_version: string;
  readonly command: "run" | "eval";
  readonly task: string;
  readonly plugin: string;
  readonly model: string;
  readonly seed: number;
  readonly spec: string;
  readonly identity: string;
  readonly status: RunStatus;
  readonly error: string | null;
  readonly started_at: string;
  readonly ended_at: string | null;
}

export const RUN: Table<RunRow> = defineTable<RunRow>("run", {
  id: "TEXT PRIMARY KEY",
  schema_version: "INTEGER NOT NULL",
  rrr_version: "TEXT NOT NULL",
  command: "TEXT NOT NULL CHECK (command IN ('run', 'eval'))",
  task: "TEXT NOT NULL",
  plugin: "TEXT NOT NULL",
  model: "TEXT NOT NULL",
  seed: "INTEGER NOT NULL",
  spec: "TEXT NOT NULL",
  identity: "TEXT NOT NULL",
  status: "TEXT NOT NULL CHECK (status IN ('running', 'finished', 'stopped', 'failed'))",
  error: "TEXT",
  started_at: "TEXT NOT NULL",
  ended_at: "TEXT",
});

/** A problem, once, however many episodes it has. */
export interface ItemRow {
  readonly id: number;
  /** Of the JSON text. */
  readonly hash: string;
  readonly json: string;
}

export const ITEM: Table<ItemRow> = defineTable<ItemRow>("item", {
  id: "INTEGER PRIMARY KEY",
  hash: "TEXT NOT NULL UNIQUE",
  json: "TEXT NOT NULL",
});

/** A message, once, after those before it: a conversation is the way from its last message up to the first. */
export interface MessageRow {
  readonly id: number;
  /** Of the message and all before it. */
  readonly hash: string;
  readonly parent: number | null;
  readonly role: Message["role"];
  readonly content: string;
  readonly tools: string | null;
}

export const MESSAGE: Table<MessageRow> = defineTable<MessageRow>("message", {
  id: "INTEGER PRIMARY KEY",
  hash: "TEXT NOT NULL UNIQUE",
  parent: "INTEGER REFERENCES message (id)",
  role: "TEXT NOT NULL",
  content: "TEXT NOT NULL",
  tools: "TEXT",
});

export interface EpisodeRow {
  readonly id: number;
  readonly stage: RunStage;
  /** Of an evaluation: `episodes` or `greedy`. */
  readonly part: Exclude<EvaluationPart, "controls"> | null;
  readonly step: number | null;
  readonly problem: number;
  readonly sample: number;
  /** `failed`: a mined failure, or an episode of an evaluation that was interrupted and is to go on. */
  readonly kind: "solved" | "failed" | "reflected" | "errored";
  readonly item: number;
  /** Of training: the mined failure that it started from. */
  readonly failure: number | null;
  /** Of a mined failure: the last message of the request for a reflection on it. */
  readonly request: number | null;
  readonly reward: number | null;
  readonly advantage: number | null;
  readonly error_code: RrrErrorCode | null;
  readonly error: string | null;
  readonly error_turn: "attempt" | "reflection" | "retry" | null;
  readonly controls: "done" | null;
  readonly seconds: number | null;
  readonly recorded_at: string;
}

export const EPISODE: Table<EpisodeRow> = defineTable<EpisodeRow>(
  "episode",
  {
    id: "INTEGER PRIMARY KEY",
    stage: "TEXT NOT NULL",
    part: "TEXT CHECK (part IN ('episodes', 'greedy'))",
    step: "INTEGER",
    problem: "INTEGER NOT NULL",
    sample: "INTEGER NOT NULL",
    kind: "TEXT NOT NULL CHECK (kind IN ('solved', 'failed', 'reflected', 'errored'))",
    item: "INTEGER NOT NULL REFERENCES item (id)",
    failure: "INTEGER REFERENCES episode (id)",
    request: "INTEGER REFERENCES message (id)",
    reward: "REAL",
    advantage: "REAL",
    error_code: "TEXT",
    error: "TEXT",
    error_turn: "TEXT CHECK (error_turn IN ('attempt', 'reflection', 'retry'))",
    controls: "TEXT CHECK (controls = 'done')",
    seconds: "REAL",
    recorded_at: "TEXT NOT NULL",
  },
  {
    after: `CREATE UNIQUE INDEX episode_by_place
  ON episode (stage, coalesce(part, ''), coalesce(step, 0), problem, sample);
CREATE INDEX episode_reflected ON episode (stage, part, sample, problem) WHERE kind = 'reflected';
CREATE INDEX episode_by_failure ON episode (failure) WHERE failure IS NOT NULL;
`,
  },
);

export interface TurnRow {
  readonly episode: number;
  readonly position: number;
  readonly role: "attempt" | "reflection" | "retry" | ControlAnswer["role"];
  /** The last message that the model was shown. */
  readonly prompt: number | null;
  readonly text: string;
  readonly reasoning: string | null;
  /** `length`: cut off at the token limit. `error`: a control that came to no answer; `code` and `detail` say why. */
  readonly finish: Completion["finish"] | "error";
  readonly prompt_tokens: number | null;
  readonly tokens: number | null;
  /** 1: the answer came from a cache. */
  readonly cached: number;
  /** 1: nobody said how many tokens, and `tokens` is an estimate. 2: the server's counts contradict themselves. */
  readonly estimated: number;
  readonly verdict: "pass" | "fail" | null;
  readonly code: string | null;
  readonly detail: string | null;
  /**
   * Sampled tokens (int32, little-endian), and the log-probability of each (float32): where the model says them. The
   * attempt of a training episode has them in the mined failure that it is a copy of.
   */
  readonly token_ids: Uint8Array | null;
  readonly logprobs: Uint8Array | null;
}

export const TURN: Table<TurnRow> = defineTable<TurnRow>(
  "turn",
  {
    episode: "INTEGER NOT NULL REFERENCES episode (id)",
    position: "INTEGER NOT NULL",
    role: "TEXT NOT NULL CHECK (role IN ('attempt', 'reflection', 'retry', 'blind', 'donor', 'independent'))",
    prompt: "INTEGER REFERENCES message (id)",
    text: "TEXT NOT NULL",
    reasoning: "TEXT",
    finish: "TEXT NOT NULL",
    prompt_tokens: "INTEGER",
    tokens: "INTEGER",
    cached: "INTEGER NOT NULL",
    estimated: "INTEGER NOT NULL",
    verdict: "TEXT CHECK (verdict IN ('pass', 'fail'))",
    code: "TEXT",
    detail: "TEXT",
    token_ids: "BLOB",
    logprobs: "BLOB",
  },
  // With row numbers: without, texts of this length would leave half of each page empty.
  { constraints: ["PRIMARY KEY (episode, position)"] },
);

export interface OutcomeRow {
  /** `probe`: of the problems that choose among checkpoints. */
  readonly stage: RunStage | "probe";
  readonly problem: number;
  /** Of a probe: the checkpoint's step. */
  readonly sample: number;
  /** `errored`: of a probe, where there is no outcome after reflection. */
  readonly measure: Measure | "errored";
  readonly outcome: "pass" | "fail";
}

export const OUTCOME: Table<OutcomeRow> = defineTable<OutcomeRow>(
  "outcome",
  {
    stage: "TEXT NOT NULL",
    problem: "INTEGER NOT NULL",
    sample: "INTEGER NOT NULL",
    measure: "TEXT NOT NULL",
    outcome: "TEXT NOT NULL CHECK (outcome IN ('pass', 'fail'))",
  },
  { constraints: ["PRIMARY KEY (stage, problem, sample, measure)"], options: "STRICT, WITHOUT ROWID" },
);

/** How far the collection of failures came: one row. */
export interface MiningRow {
  readonly id: number;
  readonly items: number;
  readonly mastered: number;
  readonly failures: number;
  readonly errored: number;
  readonly attempts: number;
  readonly sampled_tokens: number;
  /** 1: it came to its end. */
  readonly done: number;
}

export const MINING: Table<MiningRow> = defineTable<MiningRow>("mining", {
  id: "INTEGER PRIMARY KEY CHECK (id = 1)",
  items: "INTEGER NOT NULL",
  mastered: "INTEGER NOT NULL",
  failures: "INTEGER NOT NULL",
  errored: "INTEGER NOT NULL",
  attempts: "INTEGER NOT NULL",
  sampled_tokens: "INTEGER NOT NULL",
  done: "INTEGER NOT NULL",
});

export interface StepRow {
  readonly step: number;
  readonly pass_rate: number;
  readonly kept: number;
  readonly dropped: number;
  readonly errored: number;
  readonly sampled_tokens: number;
  readonly reflection_tokens: number;
  readonly truncated: number;
  readonly loss: number | null;
  readonly kl: number | null;
  readonly entropy: number | null;
  readonly clipped: number | null;
  readonly grad_norm: number | null;
  readonly learning_rate: number | null;
  readonly sampling_seconds: number;
  readonly update_seconds: number;
  readonly recorded_at: string;
}

export const STEP: Table<StepRow> = defineTable<StepRow>("step", {
  step: "INTEGER PRIMARY KEY",
  pass_rate: "REAL NOT NULL",
  kept: "INTEGER NOT NULL",
  dropped: "INTEGER NOT NULL",
  errored: "INTEGER NOT NULL",
  sampled_tokens: "INTEGER NOT NULL",
  reflection_tokens: "REAL NOT NULL",
  truncated: "REAL NOT NULL",
  loss: "REAL",
  kl: "REAL",
  entropy: "REAL",
  clipped: "REAL",
  grad_norm: "REAL",
  learning_rate: "REAL",
  sampling_seconds: "REAL NOT NULL",
  update_seconds: "REAL NOT NULL",
  recorded_at: "TEXT NOT NULL",
});

export interface EvaluationRow {
  readonly stage: RunStage;
  readonly measure: Measure;
  readonly successes: number;
  readonly trials: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export const EVALUATION: Table<EvaluationRow> = defineTable<EvaluationRow>(
  "evaluation",
  {
    stage: "TEXT NOT NULL",
    measure: "TEXT NOT NULL",
    successes: "INTEGER NOT NULL",
    trials: "INTEGER NOT NULL",
    share: "REAL NOT NULL",
    low: "REAL NOT NULL",
    high: "REAL NOT NULL",
  },
  { constraints: ["PRIMARY KEY (stage, measure)"], options: "STRICT, WITHOUT ROWID" },
);

/** What happened, in order: a reader asks what is new since the number that it saw last. */
export interface NewsRow {
  readonly seq: number;
  /**
   * `forgotten`: episodes or steps before this were taken back, and what is held of them must be read again. `diverged`:
   * training was ended at this step. `measured`: the checkpoint of this step is the one that counts.
   */
  readonly kind:
    | "stage"
    | "episode"
    | "controls"
    | "step"
    | "evaluation"
    | "forgotten"
    | "diverged"
    | "measured"
    | "status";
  readonly stage: RunStage | null;
  readonly episode: number | null;
  readonly step: number | null;
}

export const NEWS: Table<NewsRow> = defineTable<NewsRow>("news", {
  seq: "INTEGER PRIMARY KEY AUTOINCREMENT",
  kind: "TEXT NOT NULL",
  stage: "TEXT",
  episode: "INTEGER",
  step: "INTEGER",
});

export const SCHEMA: string = [RUN, ITEM, MESSAGE, EPISODE, TURN, OUTCOME, MINING, STEP, EVALUATION, NEWS]
  .map(({ sql }) => sql)
  .join("\n");
