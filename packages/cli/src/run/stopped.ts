import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Removes checkpoints that were only half written; they have hidden names. */
export function removeUnfinished(folder: string): void {
  const checkpoints = join(folder, "checkpoints");
  if (!existsSync(checkpoints)) return;
  for (const name of readdirSync(checkpoints)) {
    if (name.startsWith(".")) rmSync(join(checkpoints, name), { recursive: true, force: true });
  }
}

/** What a run is at; each stage ends with its results on disk. */
export type Stage = "start" | "evaluate" | "before" | "mine" | "train" | "after";

/** What an interruption costs in each stage. */
const CUT: Readonly<Record<Stage, string>> = {
  start: "before anything was done",
  evaluate: "in the evaluation; every finished problem is kept",
  before: "in the evaluation before training; every finished problem is kept",
  mine: "while failures were collected; those are not kept",
  train: "in training; every finished step is kept",
  after: "in the evaluation after training; every finished problem is kept",
};

/** Says what an interrupted run has left, and how to go on. */
export function stoppedText(folder: string, stage: Stage): string {
  return [
    `rrr: stopped ${CUT[stage]}`,
    `     Kept: ${quoted(join(folder, "run.db"))}, an SQLite database`,
    `     Go on: npx rrr resume ${quoted(folder)}`,
    "",
  ].join("\n");
}

/** As one word for a shell. */
function quoted(word: string): string {
  return /^[\w@.:/-]+$/.test(word) ? word : `"${word.replace(/["$`]/g, "\\$&")}"`;
}
