import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { messageOf } from "@rrr/core";
import { figuresOfRun, findRun, isBeingWritten, type RunFigures, runNames } from "@rrr/runs";
import type { RunLine, RunState, RunsAnswer } from "./api.ts";

/** The runs that the page may show, by what addresses call them. */
export interface RunLibrary {
  /** Looks at the disk, and reads what has changed there for as long as a reader waits gladly. */
  list(): RunsAnswer;
  /** The folder of a run; undefined for an id that is none of theirs. */
  folderOf(id: string): string | undefined;
  /** A run's line as it is now. */
  line(id: string, folder: string): RunLine;
}

/** How long a list may be worked on, in milliseconds; the rest comes with the next request. */
const PATIENCE_MS = 400;

interface Known {
  readonly stamp: string;
  readonly line: RunLine;
}

/**
 * @param names of runs, or their folders; none: all below `runs/`
 * @throws RrrError `bad-run` for a name that is none
 */
export function createRunLibrary(names: readonly string[], cwd: string): RunLibrary {
  const given = names.map((name) => findRun(name, cwd).folder);
  const folders = new Map<string, string>();
  const known = new Map<string, Known>();

  function scan(): void {
    folders.clear();
    const all = given.length > 0 ? given : runNames(cwd).map((name) => join(resolve(cwd), "runs", name));
    for (const folder of all) folders.set(idOf(folder), folder);
  }
  function line(id: string, folder: string): RunLine {
    const stamp = stampOf(folder);
    const before = known.get(id);
    if (before?.stamp === stamp) return before.line;
    const read = { id, name: basename(folder), ...readLine(folder) };
    known.set(id, { stamp, line: read });
    return read;
  }

  scan();
  return {
    list() {
      scan();
      const until = performance.now() + PATIENCE_MS;
      const runs: RunLine[] = [];
      let pending = 0;
      for (const [id, folder] of folders) {
        const isKnown = known.get(id)?.stamp === stampOf(folder);
        if (isKnown || performance.now() < until) {
          runs.push(line(id, folder));
          continue;
        }
        // What was known of it is better than nothing.
        runs.push(known.get(id)?.line ?? { id, name: basename(folder), state: "unread" });
        pending++;
      }
      return { runs: runs.sort(newestFirst), pending, place: join(resolve(cwd), "runs") };
    },
    folderOf(id) {
      if (!folders.has(id)) scan();
      return folders.get(id);
    },
    line,
  };
}

/** The same for the same folder whenever it is asked, so that links last. */
function idOf(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 12);
}

function newestFirst(a: RunLine, b: RunLine): number {
  return (b.startedAt ?? "").localeCompare(a.startedAt ?? "") || b.name.localeCompare(a.name);
}

function readLine(folder: string): Omit<RunLine, "id" | "name"> {
  try {
    const { status, ...figures } = figuresOfRun(folder);
    return { ...figures, state: stateOf(status, folder) };
  } catch (error) {
    return { state: "unreadable", error: messageOf(error) };
  }
}

export function stateOf(status: RunFigures["status"], folder: string): RunState {
  return status === "running" && !isBeingWritten(folder) ? "interrupted" : status;
}

/** Changes whenever the run is written. */
function stampOf(folder: string): string {
  return ["run.db", "run.db-wal", ".lock"]
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .map((found) => (found === undefined ? "" : `${found.mtimeMs}/${found.size}`))
    .join(" ");
}
