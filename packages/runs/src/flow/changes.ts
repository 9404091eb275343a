import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { checkpointsOf, kindOf } from "../prune/run-files.ts";
import { differencesOf } from "../store/difference.ts";
import type { StoredRun } from "../store/stored-run.ts";
import { toldBoth } from "./identity.ts";

/** What of a run is not what it was, in words; a checkpoint that another run saved is such a thing too. */
export function changesOf({ folder, identity, key }: StoredRun, now: object): readonly string[] {
  const [before, after] = toldBoth(identity, JSON.parse(JSON.stringify(now)));
  return [
    ...differencesOf(before, after),
    ...checkpointsOf(folder).flatMap((checkpoint) => strangerAt(checkpoint, key)),
  ];
}

/** Of one that cannot be read, reading it says what is wrong. */
function strangerAt(checkpoint: string, key: string): readonly string[] {
  const path = join(checkpoint, "trainer.json");
  if (kindOf(path) !== "file") return [];
  try {
    const { run } = JSON.parse(readFileSync(path, "utf8"));
    return run?.key === key ? [] : [`checkpoints/${basename(checkpoint)} was saved by another run`];
  } catch {
    return [];
  }
}
