import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { RrrError } from "@rrr/core";
import type { Asked } from "@rrr/trainer";
import { isRunSpec } from "../spec/is-run-spec.ts";
import { retryControls } from "../spec/run-retry.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import { damaged, jsonOf, openDatabase, type RunDatabase } from "./database.ts";
import { type RunRow, type RunStatus, SCHEMA_VERSION } from "./schema.ts";

/** What a run says of itself: its row in the table `run`. */
export interface StoredRun {
  /** Absolute. */
  readonly folder: string;
  readonly id: string;
  readonly command: "run" | "eval";
  readonly task: string;
  /** File of the plugin. */
  readonly plugin: string;
  readonly model: string;
  readonly seed: number;
  readonly rrrVersion: string;
  /** What it was asked to do; undefined for a run that an older version wrote, which cannot be resumed. */
  readonly spec: RunSpec | undefined;
  readonly identity: Readonly<Record<string, unknown>>;
  /** What of its identity changed and was accepted, in words. */
  readonly changes: readonly string[];
  /** Tells it from any other run, wherever its folder lies. */
  readonly key: string;
  readonly samples: number;
  readonly rounds: number;
  /** Undefined for a run that an older version wrote. */
  readonly asked: Asked | undefined;
  readonly reward: "retry" | "random";
  readonly status: RunStatus;
  readonly error: string | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
}

/** @throws RrrError `bad-run` where the folder is no run */
export function readStoredRun(folder: string): StoredRun {
  const db = openDatabase(folder, "read");
  try {
    return storedRun(db, folder);
  } finally {
    db.close();
  }
}

export function storedRun(db: RunDatabase, folder: string): StoredRun {
  const row = db.prepare("SELECT * FROM run").get() as RunRow;
  const identity = jsonOf<unknown>(db, row.identity);
  const wrong = wrongIn(row, identity);
  if (wrong !== undefined) throw damaged(db.path, new Error(`its ${wrong} is not one`));
  return {
    folder: resolve(folder),
    id: row.id,
    command: row.command,
    task: row.task,
    plugin: row.plugin,
    model: row.model,
    seed: row.seed,
    rrrVersion: row.rrr_version,
    ...(db.version === SCHEMA_VERSION ? ofSpec(db, row.spec) : ofOlder(db, row)),
    ...withoutChanges(identity as StoredRun["identity"]),
    key: keyOf(row),
    status: row.status,
    error: row.error ?? undefined,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
  };
}

/** What its tables promise of a row, a file from elsewhere need not keep. @returns the name of a column */
function wrongIn(row: RunRow, identity: unknown): string | undefined {
  const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));
  const texts = ["id", "task", "plugin", "model", "rrr_version", "started_at"] as const;
  const checks: Partial<Record<keyof RunRow, boolean>> = {
    ...Object.fromEntries(texts.map((name) => [name, typeof row[name] === "string"])),
    seed: Number.isSafeInteger(row.seed),
    command: ["run", "eval"].includes(row.command),
    status: ["running", "finished", "stopped", "failed"].includes(row.status),
    identity: typeof identity === "object" && identity !== null && !Array.isArray(identity),
    ended_at: row.ended_at === null || isTime(row.ended_at),
  };
  if (typeof row.started_at === "string" && !isTime(row.started_at)) return "started_at";
  return Object.entries(checks).find(([, isRight]) => !isRight)?.[0];
}

/** Changes are kept with the identity that they led to. */
function withoutChanges({
  changes = [],
  ...identity
}: StoredRun["identity"]): Pick<StoredRun, "identity" | "changes"> {
  return { identity, changes: Array.isArray(changes) ? changes.map(String) : [] };
}

/** Its settings and the moment in which it began. */
function keyOf({ id, started_at, spec }: RunRow): string {
  const text = JSON.stringify([id, started_at, spec ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

type OfSpec = Pick<StoredRun, "spec" | "samples" | "rounds" | "asked" | "reward">;

function ofSpec(db: RunDatabase, json: string): OfSpec {
  const spec = jsonOf<unknown>(db, json);
  if (!isRunSpec(spec)) throw damaged(db.path, new Error("its spec is not one"));
  const { plan } = spec;
  const { samples, rounds, controls, greedy } = plan.evaluation;
  const asRetry = retryControls(spec);
  return {
    spec,
    samples,
    rounds,
    asked: { controls, greedy, ...(asRetry === undefined ? {} : { retryControls: asRetry }) },
    reward: plan.kind === "train" ? plan.train.reward : "retry",
  };
}

/** Version 2 kept the settings of an evaluation, or the plan of a run that trains. */
function ofOlder(db: RunDatabase, row: object): OfSpec {
  const settings = jsonOf<{
    readonly samples?: number;
    readonly rounds?: number;
    readonly train?: { readonly reward?: StoredRun["reward"] };
  } | null>(db, (row as { readonly settings: string }).settings);
  const { samples = 1, rounds = 1, train } = settings ?? {};
  if (!Number.isSafeInteger(samples) || !Number.isSafeInteger(rounds)) {
    throw damaged(db.path, new Error("its settings are none"));
  }
  return { spec: undefined, samples, rounds, asked: undefined, reward: train?.reward ?? "retry" };
}

/** What a run is to do. @throws RrrError `bad-run` for one that an older version wrote */
export function specOf({ folder, spec, rrrVersion }: StoredRun): RunSpec {
  if (spec !== undefined) return spec;
  throw new RrrError(
    "bad-run",
    `${folder} is of an older format, written by rrr ${rrrVersion}: it cannot be resumed`,
    {
      hint: "It can be shown, compared and exported. To repeat it, start a new run.",
    },
  );
}
