import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TaskOptions } from "../plugins/load-task.ts";

/** Removes checkpoints that were only half written; they have hidden names. */
export function removeUnfinished(folder: string): void {
  const checkpoints = join(folder, "checkpoints");
  if (!existsSync(checkpoints)) return;
  for (const name of readdirSync(checkpoints)) {
    if (name.startsWith(".")) rmSync(join(checkpoints, name), { recursive: true, force: true });
  }
}

/** What a run is at; each stage ends with its results on disk. */
export type Stage = "start" | "before" | "mine" | "train" | "after";

/** What an interruption costs in each stage. */
const CUT: Readonly<Record<Stage, string>> = {
  start: "before anything was done",
  before: "in the evaluation before training, which was not finished and is not kept",
  mine: "while failures were collected; those are not kept",
  train: "in training; every finished step is kept",
  after: "in the evaluation after training, which was not finished and is not kept",
};

export interface Stopped {
  readonly folder: string;
  readonly stage: Stage;
  /** As the user typed them. */
  readonly plugin: string;
  readonly options: TaskOptions;
}

/** Says what an interrupted run has left, and how to look at it. */
export function stoppedText({ folder, stage, plugin, options }: Stopped): string {
  const checkpoints = join(folder, "checkpoints");
  const newest = existsSync(checkpoints) ? readdirSync(checkpoints).sort().at(-1) : undefined;
  const lines = [
    `rrr: stopped ${CUT[stage]}`,
    `     Kept: ${quoted(join(folder, "run.db"))}, an SQLite database of every finished stage and step`,
  ];
  if (newest !== undefined) {
    const words = Object.entries(options).map(([name, value]) => `${flag(name)} ${quoted(asText(value))}`);
    const model = quoted(join(checkpoints, newest));
    lines.push(
      `     Newest model: npx rrr run ${[quoted(plugin), ...words].join(" ")} --no-train --model ${model}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** `--preset` and `--data` have short names of their own. */
function flag(name: string): string {
  return name === "preset" || name === "data" ? `--${name}` : `--task.${name}`;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** As one word for a shell. */
function quoted(word: string): string {
  return /^[\w@.:/-]+$/.test(word) ? word : `"${word.replace(/["$`]/g, "\\$&")}"`;
}
