import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { messageOf, RrrError } from "@rrr/core";

/**
 * The packed packages of rrr in a folder, e.g. `rrr-core-0.1.0.tgz`, as npm's `file:` specifiers by package name.
 * @throws RrrError `bad-argument` where one that a task needs is missing
 */
export function readTarballs(folder: string, cwd: string): ReadonlyMap<string, string> {
  const absolute = resolve(cwd, folder);
  const specifiers = new Map<string, string>();
  for (const file of filesIn(absolute).sort()) {
    const name = /^rrr-([a-z0-9-]+?)-\d+\.\d+\.\d+.*\.tgz$/.exec(file)?.[1];
    if (name !== undefined) specifiers.set(`@rrr/${name}`, `file:${resolve(absolute, file)}`);
  }
  const missing = ["@rrr/core", "@rrr/cli"].find((name) => !specifiers.has(name));
  if (missing === undefined) return specifiers;
  throw notPacked(`${absolute} holds no packed ${missing}`);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw notPacked(`no packages to be read in ${folder}: ${messageOf(cause)}`);
  }
}

function notPacked(message: string): RrrError {
  const hint = "`pnpm pack:all FOLDER` in rrr's repository makes them.";
  return new RrrError("bad-argument", message, { hint });
}
