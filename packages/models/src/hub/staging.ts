import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RrrError } from "@rrr/core";
import { isFile } from "./file-hasher.ts";
import { PartialFile, partialName } from "./partial-file.ts";
import type { HubFile } from "./pull-event.ts";
import { diskFailed, pullFailed } from "./pull-failed.ts";

const LOCK = ".lock";
/** Folders that this process pulls into: a process that was killed may have had the same id. */
const busy = new Set<string>();

/** Where a folder grows, beside the place that it will have: there it appears whole. */
export class Staging {
  readonly folder: string;
  readonly #target: string;
  /** Names of files that are whole. */
  readonly #done = new Set<string>();
  #partial = 0;

  private constructor(folder: string, target: string) {
    this.folder = folder;
    this.#target = target;
  }

  /**
   * Finds what an earlier pull left, and removes what is of no use for these files.
   * @throws RrrError `pull-failed`, also where another process is at it
   */
  static async open(target: string, files: readonly HubFile[]): Promise<Staging> {
    const folder = join(dirname(target), `.${basename(target)}.pull`);
    try {
      await mkdir(dirname(target), { recursive: true });
      // Not recursive: Node never ends where a file system (/proc) has no place for a new folder.
      await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
      await lock(folder);
      const staging = new Staging(folder, target);
      await staging.#sweep(files);
      return staging;
    } catch (cause) {
      throw diskFailed(folder, cause);
    }
  }

  /** Bytes of these files that are there already. */
  here(files: readonly HubFile[]): number {
    return files.reduce((sum, { name, size }) => sum + (this.has(name) ? size : 0), this.#partial);
  }

  has(name: string): boolean {
    return this.#done.has(name);
  }

  part(file: HubFile): Promise<PartialFile> {
    return PartialFile.open(this.folder, file);
  }

  /** @param bytes that are still to come @throws RrrError `pull-failed` where the disk has less */
  async checkSpace(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    if (bavail * bsize >= bytes) return;
    throw pullFailed(
      `there is not enough space: ${megabytes(bytes)} are to come, ${megabytes(bavail * bsize)} are free in ${dirname(this.#target)}`,
      "Free some space, or give a folder on another disk.",
    );
  }

  /** Gives the folder its place: nothing that is there is replaced. */
  async publish(): Promise<void> {
    try {
      await syncFolder(this.folder);
      await rm(join(this.folder, LOCK));
      if (existsSync(this.#target)) await rmdir(this.#target);
      await rename(this.folder, this.#target);
      await syncFolder(dirname(this.#target));
    } catch (cause) {
      throw diskFailed(this.#target, cause);
    }
  }

  /** Lets others go on. What came stays, if anything did. */
  async close(): Promise<void> {
    busy.delete(this.folder);
    await rm(join(this.folder, LOCK), { force: true });
    await rmdir(this.folder).catch(() => {});
  }

  async #sweep(files: readonly HubFile[]): Promise<void> {
    for (const entry of await readdir(this.folder, { withFileTypes: true })) {
      if (entry.name === LOCK) continue;
      const path = join(this.folder, entry.name);
      const { size } = entry.isFile() ? await stat(path) : { size: 0 };
      const whole = files.find(({ name }) => name === entry.name);
      const part = files.find((file) => partialName(file) === entry.name);
      if (whole !== undefined && entry.isFile() && (await isFile(path, size, whole)))
        this.#done.add(whole.name);
      else if (part?.hash !== undefined && entry.isFile() && size <= part.size) this.#partial += size;
      else await rm(path, { recursive: true });
    }
  }
}

/** One process at a time: two that write one file would make a mixture. */
async function lock(folder: string): Promise<void> {
  const path = join(folder, LOCK);
  if (busy.has(folder)) throw inUse(folder, path);
  for (let tries = 0; ; tries++) {
    try {
      const file = await open(path, "wx");
      await file.writeFile(String(process.pid));
      await file.close();
      busy.add(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(await readFile(path, "utf8").catch(() => ""));
    if (tries > 0 || (owner !== process.pid && isAlive(owner))) throw inUse(folder, path);
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function inUse(folder: string, lock: string): RrrError {
  return new RrrError("pull-failed", `another process pulls into ${folder}`, {
    hint: `Wait until it has ended. If there is none, remove ${lock}.`,
  });
}

/** A rename is only durable once its folder is; Windows cannot open folders, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
