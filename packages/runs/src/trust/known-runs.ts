import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { messageOf } from "@rrr/core";
import type { RunSpec } from "../spec/run-spec.ts";

/**
 * What rrr remembers of its user: `$RRR_STATE_DIR`, else `rrr` below `$XDG_STATE_HOME`, else below `~/.local/state`, or
 * below `%LOCALAPPDATA%` on Windows.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ a relative XDG_STATE_HOME counts as unset
 */
export function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const { RRR_STATE_DIR: own, XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own) return resolve(own);
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "rrr");
  return process.platform === "win32" && local
    ? join(local, "rrr", "state")
    : join(homedir(), ".local", "state", "rrr");
}

/** One empty file a spec: processes that begin runs at the same time need not wait for each other. */
function fileOf(spec: RunSpec): string {
  // As run.db will give it back.
  const json = JSON.stringify(JSON.parse(JSON.stringify(spec)));
  const hash = createHash("sha256").update(json).digest("hex");
  return join(stateFolder(), "known-runs", hash);
}

/**
 * Notes that its user asked for this. Where it cannot be noted, resuming the run asks.
 * @param warn is told then
 */
export function rememberRun(spec: RunSpec, warn: (text: string) => void): void {
  const file = fileOf(spec);
  try {
    mkdirSync(join(stateFolder(), "known-runs"), { recursive: true, mode: 0o700 });
    writeFileSync(file, "");
  } catch (error) {
    warn(`that this run was begun here cannot be noted: ${messageOf(error)}; \`rrr resume\` will ask`);
  }
}

/** Whether a run with exactly this spec was begun by this user on this machine. */
export function isKnown(spec: RunSpec): boolean {
  return existsSync(fileOf(spec));
}
