import { resolve } from "node:path";
import { openDatabase } from "./open-database.ts";
import type { RunStatus } from "./run-store.ts";

/** What a run says of itself: its row in the table `run`. */
export interface StoredRun {
  /** Absolute. */
  readonly folder: string;
  readonly id: string;
  readonly command: "run" | "eval";
  readonly task: string;
  readonly plugin: string;
  readonly model: string;
  readonly seed: number;
  readonly rrrVersion: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly invocation: Readonly<Record<string, unknown>>;
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
    const row = db.prepare("SELECT * FROM run").get() as Readonly<Record<string, string | number | null>>;
    const text = (name: string): string => String(row[name]);
    const json = (name: string): Readonly<Record<string, unknown>> => JSON.parse(text(name));
    return {
      folder: resolve(folder),
      id: text("id"),
      command: row.command as StoredRun["command"],
      task: text("task"),
      plugin: text("plugin"),
      model: text("model"),
      seed: Number(row.seed),
      rrrVersion: text("rrr_version"),
      settings: json("settings"),
      identity: json("identity"),
      invocation: json("invocation"),
      status: row.status as RunStatus,
      error: row.error === null ? undefined : text("error"),
      startedAt: text("started_at"),
      endedAt: row.ended_at === null ? undefined : text("ended_at"),
    };
  } finally {
    db.close();
  }
}
