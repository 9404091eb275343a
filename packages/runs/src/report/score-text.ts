import type { StageScore } from "../read/score-run.ts";
import { count, percent } from "./format.ts";
import { plainTable } from "./plain-table.ts";

/** The scores of a run as tables, parts below what they come to. */
export function scoreText(scores: readonly StageScore[]): string {
  return scores.map(stageText).join("\n");
}

function stageText({ stage, errored, lines: { first, after } }: StageScore): string {
  const rows = first.map(({ label, depth, problems, share }, i) => [
    `${"  ".repeat(depth)}${label}`,
    count(problems),
    shareText(share),
    shareText(after[i]?.share),
  ]);
  const table = plainTable([stage, "problems", "first try", "after reflection"], rows);
  const note = errored === 0 ? "" : `\n${errored} of the problems errored and count as failed.\n`;
  return `${table}\n${note}`;
}

function shareText(share: number | undefined): string {
  return share === undefined ? "–" : percent(share);
}
