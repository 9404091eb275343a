import { join } from "node:path";
import { type Layout, type RunStage, wrapText } from "@rrr/runs";

/** What an interruption costs in each stage. */
const CUT: Readonly<Record<RunStage, string>> = {
  evaluate: "in the evaluation; every finished problem is kept",
  before: "in the evaluation before training; every finished problem is kept",
  mine: "while failures were collected; every finished problem is kept",
  train: "in training; every finished step is kept",
  after: "in the evaluation after training; every finished problem is kept",
};

/** Says what an interrupted run has left, and how to resume it: a line to copy. @param stage undefined: none had begun */
export function stoppedText(folder: string, stage: RunStage | undefined, layout: Layout = {}): string {
  return [
    wrapText(`stopped ${stage === undefined ? "before anything was done" : CUT[stage]}`, layout, "rrr: "),
    `     Kept: ${quoted(join(folder, "run.db"))}, an SQLite database`,
    `     Resume it: npx rrr resume ${quoted(folder)}`,
    "",
  ].join("\n");
}

/** As one word for a shell. */
function quoted(word: string): string {
  return /^[\w@.:/-]+$/.test(word) ? word : `"${word.replace(/["$`]/g, "\\$&")}"`;
}
