import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { attemptPrompt } from "@rrr/core";
import type { LoadedTask, TaskOptions } from "@rrr/plugins";

/** Prompts that are looked at to tell one task from another. */
const PROMPTS = 10;

/**
 * Everything that a run's results depend on, short enough to be kept with it: whoever goes on with it compares. What
 * only changes speed is left out.
 */
export function runIdentity(
  { task, file }: LoadedTask,
  options: TaskOptions,
  heldOut: readonly unknown[],
  model: object,
  settings: object,
): object {
  const prompts = heldOut.slice(0, PROMPTS).map((item) => attemptPrompt(task, item));
  return {
    task: {
      name: task.name,
      options,
      limits: task.limits,
      file: sha256(readFileSync(file)),
      problems: heldOut.length,
      items: sha256(JSON.stringify(heldOut)),
      prompts: sha256(JSON.stringify(prompts)),
    },
    model,
    settings,
  };
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}
