import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearestName, RrrError } from "@rrr/core";
import { databasePath } from "../store/open-database.ts";
import { readStoredRun, type StoredRun } from "../store/stored-run.ts";

/** Folders below `runs/` that hold a run, the newest first: their names begin with the time. */
export function runFolders(cwd: string): readonly string[] {
  const root = join(cwd, "runs");
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => existsSync(databasePath(join(root, name))))
    .sort()
    .reverse()
    .map((name) => join(root, name));
}

/**
 * The run that is meant: by its folder, or by its name below `runs/`.
 * @throws RrrError `bad-run` where there is none, with the nearest name
 */
export function findRun(name: string, cwd: string): StoredRun {
  for (const folder of [resolve(cwd, name), join(cwd, "runs", name)]) {
    if (existsSync(databasePath(folder))) return readStoredRun(folder);
  }
  const names = runFolders(cwd).map((folder) => folder.slice(join(cwd, "runs").length + 1));
  const nearest = nearestName(name.replace(/^runs[/\\]/, ""), names);
  throw new RrrError("bad-run", `there is no run ${JSON.stringify(name)}`, {
    hint:
      nearest === undefined
        ? "`rrr runs` lists them."
        : `Did you mean runs/${nearest}? \`rrr runs\` lists them.`,
  });
}
