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

/** Says what an interrupted run has left, and how to look at it. */
export function stoppedText(folder: string, task: string): string {
  const checkpoints = join(folder, "checkpoints");
  const newest = existsSync(checkpoints) ? readdirSync(checkpoints).sort().at(-1) : undefined;
  const lines = [
    `rrr: stopped; everything up to here is kept in ${folder}`,
    `     Steps so far: sqlite3 ${join(folder, "run.db")} "SELECT step, reward FROM step"`,
  ];
  if (newest !== undefined) {
    lines.push(`     Newest model: rrr run ${task} --no-train --model ${join(checkpoints, newest)}`);
  }
  return `${lines.join("\n")}\n`;
}
