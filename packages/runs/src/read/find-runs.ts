import { isUtf8 } from "node:buffer";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf, nearestName, RrrError } from "@rrr/core";
import { databasePath } from "../store/database.ts";
import { readStoredRun, type StoredRun } from "../store/stored-run.ts";

/** A folder below `runs/` that holds a run. */
export type FoundRun = { readonly folder: string; readonly name: string } & (
  | { readonly kind: "run"; readonly run: StoredRun }
  | { readonly kind: "unreadable"; readonly error: string }
);

/** The runs below `runs/`, the newest first, those that cannot be read last. */
export function findRuns(cwd: string): readonly FoundRun[] {
  const found = [
    ...unnamed(cwd),
    ...runNames(cwd).map((name): FoundRun => {
      const folder = join(cwd, "runs", name);
      try {
        return { kind: "run", folder, name, run: readStoredRun(folder) };
      } catch (error) {
        return { kind: "unreadable", folder, name, error: messageOf(error) };
      }
    }),
  ];
  const began = (each: FoundRun): string => (each.kind === "run" ? each.run.startedAt : "");
  return found.sort((a, b) => began(b).localeCompare(began(a)) || b.name.localeCompare(a.name));
}

/** A folder whose name is no UTF-8 can be named by nobody: no text is its path. */
function unnamed(cwd: string): readonly FoundRun[] {
  const root = join(cwd, "runs");
  if (!existsSync(root)) return [];
  return readdirSync(root, { encoding: "buffer", withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isUtf8(entry.name))
    .map(({ name }) => ({
      ...{ kind: "unreadable", folder: join(root, String(name)), name: String(name) },
      error: "the folder's name is not UTF-8: rename it",
    }));
}

/** Names of folders below `runs/` that hold a database; nothing of it is read. */
export function runNames(cwd: string): readonly string[] {
  const root = join(cwd, "runs");
  if (!existsSync(root)) return [];
  return readdirSync(root).filter((name) => existsSync(databasePath(join(root, name))));
}

/**
 * The run that is meant: by its folder, or by its name below `runs/`.
 * @throws RrrError `bad-run` where there is none, with the nearest name
 */
export function findRun(name: string, cwd: string): StoredRun {
  for (const folder of [resolve(cwd, name), join(cwd, "runs", name)]) {
    if (existsSync(databasePath(folder))) return readStoredRun(folder);
  }
  const nearest = nearestName(name.replace(/^runs[/\\]/, ""), runNames(cwd));
  throw new RrrError("bad-run", `there is no run ${JSON.stringify(name)}`, {
    hint:
      nearest === undefined
        ? "`rrr runs` lists them."
        : `Did you mean runs/${nearest}? \`rrr runs\` lists them.`,
  });
}
