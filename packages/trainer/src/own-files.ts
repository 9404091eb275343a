/** What of a checkpoint's folder rrr wrote: others may have put files of theirs there. */
import { createHash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { join, posix } from "node:path";

const MANIFEST = "trainer.json";
/** A folder that was to become a checkpoint, or one that was to become such a folder. */
const UNFINISHED = /^\.+step-\d{6,}(\.tmp-\d+-\d+)+$/;

/** Whether a folder of this name is what a save that was killed left behind. */
export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name);
}

/** Paths of its files that its manifest names, and of that; empty where it has none. Links are followed nowhere. */
export function ownFiles(dir: string): readonly string[] {
  const hashes = hashesIn(dir);
  if (hashes === undefined) return [];
  return filesIn(dir)
    .filter((path) => path === MANIFEST || Object.hasOwn(hashes, path))
    .map((path) => join(dir, path));
}

/** Whether every file is there as it was saved: a run can go on from it, or be tried. */
export function isComplete(dir: string): boolean {
  const hashes = hashesIn(dir);
  if (hashes === undefined) return false;
  const found = new Set(filesIn(dir));
  return Object.entries(hashes).every(([path, hash]) => found.has(path) && hashOf(join(dir, path)) === hash);
}

/** In pieces: weights may be larger than what Node holds in one. */
function hashOf(path: string): string {
  const hash = createHash("sha256");
  const piece = Buffer.alloc(2 ** 20);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      hash.update(piece.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/** Removes those files, and the folders that are empty then. @throws Error where the disk does not let it */
export function removeOwnFiles(dir: string): void {
  const files = ownFiles(dir);
  if (files.length === 0) return;
  const manifest = join(dir, MANIFEST);
  // It comes last: a removal that was cut short can be repeated.
  for (const path of [...files.filter((each) => each !== manifest), manifest]) rmSync(path);
  removeEmpty(dir);
}

function hashesIn(dir: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const path = join(dir, MANIFEST);
    if (!lstatSync(dir).isDirectory() || !lstatSync(path).isFile()) return undefined;
    const { format, files }: { format?: unknown; files?: unknown } = JSON.parse(readFileSync(path, "utf8"));
    const isOurs = typeof format === "string" && format.startsWith("rrr/checkpoint@");
    return isOurs && typeof files === "object" && files !== null ? { ...files } : undefined;
  } catch {
    return undefined;
  }
}

function filesIn(dir: string, prefix = ""): readonly string[] {
  return readdirSync(join(dir, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(prefix, entry.name);
    if (entry.isDirectory()) return filesIn(dir, path);
    return entry.isFile() ? [path] : [];
  });
}

function removeEmpty(dir: string): void {
  const entries = readdirSync(dir, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) removeEmpty(join(dir, entry.name));
  if (readdirSync(dir).length === 0) rmdirSync(dir);
}
