import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Bytes of a file, or of everything in a folder. A link counts as itself; what goes away meanwhile, as nothing. */
export function sizeOnDisk(path: string): number {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.size;
  return namesIn(path).reduce((sum, name) => sum + sizeOnDisk(join(path, name)), 0);
}

/** In alphabetical order; a folder that is not there, or cannot be read, holds nothing. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
