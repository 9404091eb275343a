import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { databasePath } from "../store/database.ts";

/**
 * The folder of a model that a folder stands for: that of a run is its newest checkpoint, any other is itself.
 * @throws RrrError `bad-model` for a run without checkpoints
 */
export function checkpointOfRun(folder: string): string {
  if (!existsSync(databasePath(folder))) return folder;
  const root = join(folder, "checkpoints");
  const names = existsSync(root) ? readdirSync(root).filter((name) => /^step-\d{6,}$/.test(name)) : [];
  const newest = names.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))).at(-1);
  if (newest !== undefined) return join(root, newest);
  throw new RrrError("bad-model", `the run ${folder} has no checkpoints`, {
    hint: "Name a run that trained, or a model's folder.",
  });
}
