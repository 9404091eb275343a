import { take } from "../items/take.ts";
import { show } from "../show.ts";
import type { TaskSuite } from "./task-suite.ts";

/**
 * The first items of both splits: there are some, they come again, and none is on both sides. Of a task whose items are
 * all held out, those of the test split.
 */
export async function checkSplits<Item>(
  suite: TaskSuite<Item>,
  seed: number,
  count: number,
): Promise<{ readonly train: readonly Item[]; readonly test: readonly Item[] }> {
  const { task, report, tell } = suite;
  const itemsOf = (split: "train" | "test", seed: number): Promise<Item[]> => {
    tell({ kind: "checking", codes: ["broken", "no-items"], what: `items("${split}", ${seed})` });
    return take(task.items(split, seed), count);
  };
  const train = task.testOnly ? [] : await itemsOf("train", seed);
  const items = { train, test: await itemsOf("test", seed) };
  for (const split of task.testOnly ? (["test"] as const) : (["train", "test"] as const)) {
    if (items[split].length === 0) report("no-items", `items("${split}", ${seed}) is empty`);
    tell({ kind: "checking", codes: ["not-reproducible"], what: `items("${split}", ${seed})` });
    const again = await itemsOf(split, seed);
    if (JSON.stringify(again) !== JSON.stringify(items[split])) {
      report("not-reproducible", `items("${split}", ${seed}) gave other items the second time`);
    }
  }
  if (task.testOnly) return items;
  tell({ kind: "checking", codes: ["splits-overlap"], what: "both splits" });
  // Held-out items must stay held out whatever the seed of either split.
  const otherTest = await itemsOf("test", seed + 1);
  const held = new Set([...items.test, ...otherTest].map((item) => JSON.stringify(item)));
  const shared = items.train.find((item) => held.has(JSON.stringify(item)));
  if (shared !== undefined) report("splits-overlap", `both splits have ${show(shared)}`);
  return items;
}
