import { mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RrrError } from "@rrr/core";

let temporaries = 0;

/** A name beside `path` that no other writer uses; hidden, so that nobody takes it for the real thing. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp-${process.pid}-${temporaries++}`);
}

/** Writes a file so that, whatever dies, a reader finds the old content or the new one, never a mixture. */
export async function writeFileDurably(
  path: string,
  chunks: Iterable<Uint8Array> | Uint8Array | string,
): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, "wx");
    try {
      if (typeof chunks === "string" || chunks instanceof Uint8Array) await file.writeFile(chunks);
      else for (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDir(dirname(path));
}

/**
 * Makes a whole folder appear at once: `write` fills a temporary one, which is synced and then renamed.
 * @returns what `write` does
 * @throws bad-argument if `dir` exists and is not empty: nothing is ever overwritten.
 */
export async function writeDirDurably<Written>(
  dir: string,
  write: (temporary: string) => Promise<Written>,
): Promise<Written> {
  if ((await entriesOf(dir)).length > 0) {
    throw new RrrError("bad-argument", `the folder ${dir} is not empty`, {
      hint: "Name a new folder, or delete this one first.",
    });
  }
  await mkdir(dirname(dir), { recursive: true });
  const temporary = temporaryBeside(dir);
  let written: Written;
  try {
    await mkdir(temporary);
    written = await write(temporary);
    await syncTree(temporary);
    await rmdir(dir).catch(ignoreMissing);
    await rename(temporary, dir);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await syncDir(dirname(dir));
  return written;
}

async function entriesOf(dir: string): Promise<readonly string[]> {
  return (await readdir(dir).catch(ignoreMissing)) ?? [];
}

async function syncTree(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    await (entry.isDirectory() ? syncTree(path) : sync(path, "r+"));
  }
  await syncDir(dir);
}

/** A rename is only durable once its folder is; Windows cannot open folders, and does not need it. */
async function syncDir(dir: string): Promise<void> {
  if (process.platform !== "win32") await sync(dir, "r");
}

async function sync(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
