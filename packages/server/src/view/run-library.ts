import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { messageOf } from "@rrr/core";
import {
  figuresOfRun,
  findRun,
  type KeptFigures,
  openKeptFigures,
  type RunFigures,
  runNames,
  runState,
} from "@rrr/runs";
import type { RunLine, RunsAnswer } from "./api.ts";

/** The runs that the page may show, by what addresses call them. */
export interface RunLibrary {
  /** Looks at the disk, and reads what has changed there for as long as a reader waits gladly. */
  list(): RunsAnswer;
  /** The folder of a run; undefined for an id that is none of theirs. */
  folderOf(id: string): string | undefined;
  /** A run's line as it is now. */
  line(id: string, folder: string): RunLine;
  close(): void;
}

/** How long a list may be worked on, in milliseconds; the rest comes with the next request. */
const PATIENCE_MS = 250;

interface Known {
  readonly stamp: string;
  readonly line: RunLine;
}

/**
 * @param names of runs, or their folders; none: all below `runs/`
 * @param indexes folder in which figures of runs are kept for the next time; left out: they are not
 * @throws RrrError `bad-run` for a name that is none
 */
export function createRunLibrary(names: readonly string[], cwd: string, indexes?: string): RunLibrary {
  const given = names.map((name) => findRun(name, cwd).folder);
  const folders = new Map<string, string>();
  const known = new Map<string, Known>();
  let kept: KeptFigures | undefined;

  function scan(): void {
    folders.clear();
    const all = given.length > 0 ? given : runNames(cwd).map((name) => join(resolve(cwd), "runs", name));
    for (const folder of all) folders.set(idOf(folder), folder);
  }
  function line(id: string, folder: string, stamp = stampOf(folder)): RunLine {
    const before = known.get(id);
    // Nothing is written when a process is killed.
    if (before?.stamp === stamp && before.line.state !== "running") return before.line;
    const read = { id, name: basename(folder), ...readLine(folder, stamp) };
    known.set(id, { stamp, line: read });
    return read;
  }
  function readLine(folder: string, stamp: string): Omit<RunLine, "id" | "name"> {
    try {
      const { status, ...figures } = figuresAt(folder, stamp);
      return { ...figures, state: runState({ status, folder }) };
    } catch (error) {
      return { state: "unreadable", error: messageOf(error) };
    }
  }
  function figuresAt(folder: string, stamp: string): RunFigures {
    if (indexes === undefined) return figuresOfRun(folder);
    kept ??= openKeptFigures(indexes);
    const before = kept.get(folder, stamp);
    if (before !== undefined) return before;
    const figures = figuresOfRun(folder);
    // One that goes on is another one in a moment.
    if (figures.status !== "running") kept.put(folder, stamp, figures);
    return figures;
  }

  scan();
  return {
    list() {
      scan();
      const until = performance.now() + PATIENCE_MS;
      const runs: RunLine[] = [];
      let pending = 0;
      for (const [id, folder] of folders) {
        const stamp = stampOf(folder);
        if (known.get(id)?.stamp === stamp || performance.now() < until) {
          runs.push(line(id, folder, stamp));
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
    line: (id, folder) => line(id, folder),
    close: () => kept?.close(),
  };
}

/** The same for the same folder whenever it is asked, so that links last. */
function idOf(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 12);
}

function newestFirst(a: RunLine, b: RunLine): number {
  return (b.startedAt ?? "").localeCompare(a.startedAt ?? "") || b.name.localeCompare(a.name);
}

/** Changes whenever the run is written. */
function stampOf(folder: string): string {
  return ["run.db", "run.db-wal", ".lock"]
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .map((found) => (found === undefined ? "" : `${found.mtimeMs}/${found.size}`))
    .join(" ");
}
