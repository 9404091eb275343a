/** The index of a run's episodes: what they are filtered, sorted and searched by. It can be thrown away at any time. */

/** Counted up with every change of these tables, or of what is put into them: an older index is made anew. */
export const INDEX_FORMAT = 2;

/** Of each word only the rows that have it, not the places within: a third of the size, and a common word is found at once. */
export const INDEX_SQL = `
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), cursor INTEGER, last INTEGER);
INSERT OR IGNORE INTO progress VALUES (1, 0, 0);
CREATE TABLE IF NOT EXISTS entry (
  id INTEGER PRIMARY KEY, stage TEXT, part TEXT, step INTEGER, problem INTEGER, sample INTEGER, path TEXT, code TEXT,
  cut INTEGER, reward REAL, advantage REAL, tokens INTEGER
);
CREATE INDEX IF NOT EXISTS entry_kind ON entry (stage, part, path, code, cut);
CREATE INDEX IF NOT EXISTS entry_step ON entry (step, id);
CREATE INDEX IF NOT EXISTS entry_advantage ON entry (advantage, id);
CREATE INDEX IF NOT EXISTS entry_tokens ON entry (tokens, id);
CREATE TABLE IF NOT EXISTS preview (id INTEGER PRIMARY KEY, text TEXT);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5
  (text, content = '', contentless_delete = 1, detail = none, tokenize = ascii);
`;

/**
 * How an episode went. `pass→…` does not exist: what passes at first is not reflected on. `unfinished`: an evaluated
 * episode that goes on later; `mined`: a failure that was collected for training.
 */
export const EPISODE_PATHS = ["solved", "fail-pass", "fail-fail", "errored", "mined", "unfinished"] as const;

export type EpisodePath = (typeof EPISODE_PATHS)[number];

/** A line of the list of episodes. */
export interface EpisodeEntry {
  readonly id: number;
  readonly stage: string;
  readonly part: string | null;
  readonly step: number | null;
  readonly problem: number;
  readonly sample: number;
  readonly path: EpisodePath;
  /** Of the last verdict that is a fail, or of the error. */
  readonly code: string | null;
  /** 1: an answer was cut off at the token limit. */
  readonly cut: number;
  readonly reward: number | null;
  readonly advantage: number | null;
  /** Tokens of all its answers; null where nobody said how many. */
  readonly tokens: number | null;
  /** The beginning of the problem and of the last answer. */
  readonly preview: string;
}
