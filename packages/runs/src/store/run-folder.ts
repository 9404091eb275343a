import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf, RrrError } from "@rrr/core";

/**
 * Makes the folder of a run: the one asked for, or a new one below `runs/`.
 * @returns its absolute path.
 * @throws RrrError `bad-run` if it holds something already or cannot be written: nothing is ever overwritten.
 */
export function createRunFolder(out: string | undefined, task: string, cwd: string, now: Date): string {
  if (out !== undefined) return take(resolve(cwd, out));
  const base = join(cwd, "runs", `${timestamp(now)}-${task}`);
  for (let again = 1; ; again++) {
    const folder = again === 1 ? base : `${base}-${again}`;
    // Whoever makes the folder has it: two runs may begin at the same moment.
    if (attempt(folder, () => makeFolder(folder))) return take(folder);
  }
}

/** `20260730-141502`, in UTC. */
function timestamp(now: Date): string {
  return now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}

function take(folder: string): string {
  if (entriesOf(folder).length > 0) {
    throw new RrrError("bad-run", `the run folder ${folder} is not empty; nothing was overwritten`, {
      hint: "Give another --out, or leave it out to get a new folder.",
    });
  }
  attempt(folder, () => {
    makeFolder(folder);
    const probe = join(folder, ".probe");
    writeFileSync(probe, "");
    rmSync(probe);
  });
  return folder;
}

/**
 * Parents included. Node's own `recursive` never returns where the kernel denies that a parent exists (/proc).
 * @returns whether this call made it
 */
function makeFolder(folder: string): boolean {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return false;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function entriesOf(folder: string): readonly string[] {
  return attempt(folder, () => (statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder) : []));
}

function attempt<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new RrrError("bad-run", `the run folder ${folder} cannot be written: ${messageOf(cause)}`, {
      cause,
      hint: "Give an --out that you may write to.",
    });
  }
}
