/** Counted up with every change that a reader of an older version could trip over. */
export const SCHEMA_VERSION = 1;

/** The tables of a run; docs/run-store.md says what each column means. */
export const SCHEMA: string = `
CREATE TABLE run (
  id TEXT PRIMARY KEY,
  schema_version INTEGER NOT NULL,
  rrr_version TEXT NOT NULL,
  task TEXT NOT NULL,
  plugin TEXT NOT NULL,
  model TEXT NOT NULL,
  seed INTEGER NOT NULL,
  settings TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'stopped', 'failed')),
  error TEXT,
  started_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;

CREATE TABLE episode (
  id INTEGER PRIMARY KEY,
  stage TEXT NOT NULL,
  step INTEGER,
  problem INTEGER NOT NULL,
  member INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('solved', 'failed', 'reflected', 'errored')),
  item TEXT NOT NULL,
  reward REAL,
  advantage REAL,
  error_code TEXT,
  error TEXT
) STRICT;
CREATE INDEX episode_by_stage ON episode (stage, step);

CREATE TABLE turn (
  episode INTEGER NOT NULL REFERENCES episode (id),
  role TEXT NOT NULL CHECK (role IN ('attempt', 'reflection', 'retry')),
  text TEXT NOT NULL,
  finish TEXT NOT NULL,
  tokens INTEGER,
  verdict TEXT CHECK (verdict IN ('pass', 'fail')),
  code TEXT,
  detail TEXT,
  PRIMARY KEY (episode, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE step (
  step INTEGER PRIMARY KEY,
  reward REAL NOT NULL,
  kept INTEGER NOT NULL,
  dropped INTEGER NOT NULL,
  errored INTEGER NOT NULL,
  sampled_tokens INTEGER NOT NULL,
  reflection_tokens REAL NOT NULL,
  truncated REAL NOT NULL,
  loss REAL,
  kl REAL,
  entropy REAL,
  clipped REAL,
  grad_norm REAL,
  learning_rate REAL,
  sampling_seconds REAL NOT NULL,
  update_seconds REAL NOT NULL
) STRICT;

CREATE TABLE evaluation (
  stage TEXT NOT NULL CHECK (stage IN ('before', 'after')),
  measure TEXT NOT NULL,
  successes INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  share REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  PRIMARY KEY (stage, measure)
) STRICT, WITHOUT ROWID;
`;
