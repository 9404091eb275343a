/** Counted up with every change that a reader of an older version could trip over. */
export const SCHEMA_VERSION = 2;

/** The tables of a run; docs/run-store.md says what each column means. */
export const SCHEMA: string = `
CREATE TABLE run (
  id TEXT PRIMARY KEY,
  schema_version INTEGER NOT NULL,
  rrr_version TEXT NOT NULL,
  command TEXT NOT NULL CHECK (command IN ('run', 'eval')),
  task TEXT NOT NULL,
  plugin TEXT NOT NULL,
  model TEXT NOT NULL,
  seed INTEGER NOT NULL,
  settings TEXT NOT NULL,
  identity TEXT NOT NULL,
  invocation TEXT NOT NULL,
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
  error TEXT,
  controls TEXT CHECK (controls = 'done')
) STRICT;
CREATE UNIQUE INDEX episode_by_place ON episode (stage, coalesce(step, 0), problem, member);

CREATE TABLE turn (
  episode INTEGER NOT NULL REFERENCES episode (id),
  position INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('attempt', 'reflection', 'retry', 'blind', 'donor', 'independent')),
  text TEXT NOT NULL,
  reasoning TEXT,
  finish TEXT NOT NULL,
  prompt_tokens INTEGER,
  tokens INTEGER,
  verdict TEXT CHECK (verdict IN ('pass', 'fail')),
  code TEXT,
  detail TEXT,
  PRIMARY KEY (episode, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE outcome (
  stage TEXT NOT NULL,
  problem INTEGER NOT NULL,
  member INTEGER NOT NULL,
  measure TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('pass', 'fail')),
  PRIMARY KEY (stage, problem, member, measure)
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
  stage TEXT NOT NULL,
  measure TEXT NOT NULL,
  successes INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  share REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  PRIMARY KEY (stage, measure)
) STRICT, WITHOUT ROWID;
`;
