import { lstatSync, rmSync, type Stats } from "node:fs";
import { link, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { RrrError } from "@rrr/core";
import { writeFailed } from "@rrr/runs";
import { onInterruption } from "../run/on-interruption.ts";

/**
 * Writes a file whole or not at all, also where Ctrl-C comes. A link in its place is never followed.
 * @param replaces whether a file that is there gives way
 * @throws RrrError `bad-argument` for one that does not, `bad-run` where nothing can be written
 */
export async function writeWhole(path: string, content: string, replaces: boolean): Promise<void> {
  refuseTaken(path, replaces);
  // In the same folder: it takes its place in one step.
  const temporary = join(dirname(resolve(path)), `.${basename(path)}.${process.pid}.tmp`);
  const settle = onInterruption(() => rmSync(temporary, { force: true }));
  try {
    await writeFile(temporary, content, { flag: "wx" });
    if (replaces) await rename(temporary, path);
    else await putNew(temporary, path);
  } catch (cause) {
    throw writeFailed(path, cause);
  } finally {
    rmSync(temporary, { force: true });
    settle();
  }
}

/** For who has work to do before there is something to write. @throws RrrError `bad-argument` as `writeWhole` does */
export function refuseTaken(path: string, replaces: boolean): void {
  const there = lookAt(path);
  if (there?.isDirectory()) {
    throw new RrrError("bad-argument", `${path} is a folder`, { hint: "Name a file." });
  }
  if (there !== undefined && !replaces) throw thereAlready(path);
}

/** Nothing gives way, also not what came there meanwhile. */
async function putNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    // Some file systems have no second names.
    if ((cause as NodeJS.ErrnoException).code === "EEXIST" || lookAt(path) !== undefined)
      throw thereAlready(path);
    await rename(temporary, path);
  }
}

/** A link is looked at itself. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

function thereAlready(path: string): RrrError {
  return new RrrError("bad-argument", `${path} is there already`, {
    hint: "Give another --out, or --force to replace it.",
  });
}
