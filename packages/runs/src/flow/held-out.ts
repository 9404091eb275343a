import { createHash } from "node:crypto";
import { attemptPrompt, itemsOf, parseItem, RrrError, type Task } from "@rrr/core";
import type { RunPlan } from "../spec/run-spec.ts";
import { itemJson } from "../store/item-json.ts";

/** Training items that are looked at before a run starts; the rest come as they are needed. */
const SAMPLE = 10;
/** Prompts that are looked at to tell one task from another. */
const PROMPTS = 10;

/** The held-out items of a run, as the task gives them. */
export interface HeldOut {
  readonly items: readonly unknown[];
  /** Of all items, and of the first prompts, which show what the schema makes of them: hex. */
  readonly itemsHash: string;
  readonly promptsHash: string;
  /** Of one of the first prompts, in the mean. */
  readonly promptBytes: number;
  /** What the task says of them. */
  readonly notes: readonly string[];
}

/**
 * The first held-out items of a task; for a run that trains after a look at the training items, so that a broken task
 * is found before any work is done.
 * @throws RrrError `bad-item`, or `bad-task` if there are none.
 */
export async function heldOutItems(
  task: Task,
  { kind, seed, problems: limit }: Pick<RunPlan, "kind" | "seed" | "problems">,
): Promise<HeldOut> {
  if (kind === "train") await look(task, "train", seed, SAMPLE, () => {});
  const [items, prompts] = [createHash("sha256"), createHash("sha256")];
  const raw: unknown[] = [];
  let bytes = 0;
  await look(task, "test", seed, limit, (item, parsed) => {
    items.update(`${itemJson(item)}\n`);
    if (raw.push(item) > PROMPTS) return;
    const prompt = attemptPrompt(task, parsed);
    prompts.update(JSON.stringify(prompt));
    bytes += Buffer.byteLength(prompt.map(({ content }) => content).join(""));
  });
  return {
    items: raw,
    itemsHash: short(items.digest("hex")),
    promptsHash: short(prompts.digest("hex")),
    notes: task.notes?.() ?? [],
    promptBytes: bytes / Math.min(raw.length, PROMPTS),
  };
}

async function look(
  task: Task,
  split: "train" | "test",
  seed: number,
  limit: number,
  onItem: (item: unknown, parsed: unknown) => void,
): Promise<void> {
  let seen = 0;
  for await (const item of itemsOf(task, split, seed)) {
    onItem(item, await parseItem(task, item));
    if (++seen >= limit) return;
  }
  if (seen > 0) return;
  throw new RrrError("bad-task", `task "${task.name}" has no ${split} items`, {
    hint: `Its items("${split}", seed) must yield at least one.`,
  });
}

function short(hash: string): string {
  return hash.slice(0, 16);
}
