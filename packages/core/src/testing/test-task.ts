import { assertTask } from "../check-task.ts";
import { attemptPrompt, reflectionPrompt } from "../conversation.ts";
import { messageOf } from "../errors.ts";
import { reflectionLeaks } from "../leaks.ts";
import { createRandom } from "../random.ts";
import type { Task } from "../task.ts";
import { verifyWithin } from "../verify.ts";
import { type Finding, throwFindings } from "./finding.ts";
import { take } from "./take.ts";

export type TaskFindingCode =
  /** It is no task at all, or a method of it threw or hung. */
  | "broken"
  /** A split has no items. */
  | "no-items"
  /** The schema refuses the task's own item. */
  | "schema-refuses-item"
  /** The same split and seed gave other items. */
  | "not-reproducible"
  /** An item is in both splits. */
  | "splits-overlap"
  /** The verifier does not pass the gold completion. */
  | "gold-fails"
  /** The prompt contains the gold completion. */
  | "gold-in-prompt"
  /** The verifier passes an output that is no answer. */
  | "hostile-passes"
  /** The verifier throws, hangs or returns no verdict. */
  | "verifier-breaks"
  /** The same item and completion got another verdict. */
  | "verdict-varies";

export interface TestTaskSettings {
  /** Default 0. */
  readonly seed?: number;
  /** Items looked at per split. Default 100. */
  readonly count?: number;
}

/**
 * The conformance suite of the plugin contract, for any test runner: `expect(await testTask(task)).toEqual([])`.
 * @returns what is wrong, at most one finding per code; empty for a sound task.
 */
export async function testTask<Item>(
  task: Task<Item>,
  settings: TestTaskSettings = {},
): Promise<readonly Finding<TaskFindingCode>[]> {
  const findings = new Map<TaskFindingCode, Finding<TaskFindingCode>>();
  const report: Report = (code, message) => {
    if (!findings.has(code)) findings.set(code, { code, message });
  };
  try {
    assertTask(task);
    const { seed = 0, count = 100 } = settings;
    const train = await take(task.items("train", seed), count);
    const test = await take(task.items("test", seed), count);
    await checkSplits(task, { train, test }, seed, report);
    for (const item of [...train, ...test]) await checkItem(task, item, report);
    for (const item of test.slice(0, 5)) await checkHostile(task, item, report);
    for (const item of test.slice(0, 1)) await checkLeaks(task, item, report);
  } catch (thrown) {
    report("broken", messageOf(thrown));
  }
  return [...findings.values()];
}

/** `testTask` as one error, for runners where a test fails by throwing. @throws RrrError `bad-task` */
export async function assertTaskConforms<Item>(task: Task<Item>, settings?: TestTaskSettings): Promise<void> {
  throwFindings(`task "${task.name}"`, "bad-task", await testTask(task, settings));
}

type Report = (code: TaskFindingCode, message: string) => void;

async function checkSplits<Item>(
  task: Task<Item>,
  items: { readonly train: readonly Item[]; readonly test: readonly Item[] },
  seed: number,
  report: Report,
): Promise<void> {
  for (const split of ["train", "test"] as const) {
    if (items[split].length === 0) report("no-items", `items("${split}", ${seed}) is empty`);
    const again = await take(task.items(split, seed), items[split].length);
    if (JSON.stringify(again) !== JSON.stringify(items[split])) {
      report("not-reproducible", `items("${split}", ${seed}) gave other items the second time`);
    }
  }
  // Held-out items must stay held out whatever the seed of either split.
  const otherTest = await take(task.items("test", seed + 1), items.test.length);
  const held = new Set([...items.test, ...otherTest].map((item) => JSON.stringify(item)));
  const shared = items.train.map((item) => JSON.stringify(item)).find((item) => held.has(item));
  if (shared !== undefined) report("splits-overlap", `both splits have ${shared}`);
}

async function checkItem<Item>(task: Task<Item>, item: Item, report: Report): Promise<void> {
  const shown = JSON.stringify(item);
  const { issues } = await task.schema["~standard"].validate(item);
  if (issues !== undefined) report("schema-refuses-item", `${issues[0]?.message ?? "refused"}: ${shown}`);
  const prompt = attemptPrompt(task, item);
  reflectionPrompt(task, { item, prompt, completion: "" });
  if (task.gold === undefined) return;
  const gold = task.gold(item);
  if (prompt.some((message) => message.content.includes(gold.trim()))) {
    report("gold-in-prompt", `the prompt of ${shown} contains ${gold}`);
  }
  const verdict = await verifyWithin(task, item, gold);
  if (verdict.kind === "pass") return;
  const why = verdict.kind === "fail" ? verdict.code : verdict.error.message;
  report(verdict.kind === "fail" ? "gold-fails" : "verifier-breaks", `${gold} for ${shown}: ${why}`);
}

async function checkHostile<Item>(task: Task<Item>, item: Item, report: Report): Promise<void> {
  const outputs = { ...HOSTILE, "prompt echo": attemptPrompt(task, item).at(-1)?.content ?? "" };
  for (const [name, output] of Object.entries(outputs)) {
    const verdict = await verifyWithin(task, item, output);
    if (verdict.kind === "invalid") report("verifier-breaks", `on ${name}: ${verdict.error.message}`);
    if (verdict.kind === "pass") report("hostile-passes", `${name} passes for ${JSON.stringify(item)}`);
    const again = await verifyWithin(task, item, output);
    if (again.kind !== verdict.kind) report("verdict-varies", `${name}: ${verdict.kind}, then ${again.kind}`);
  }
}

async function checkLeaks<Item>(task: Task<Item>, item: Item, report: Report): Promise<void> {
  if (task.leaks === undefined || (await reflectionLeaks(task, item, "")) !== undefined) return;
  report("broken", `leaks() takes too long for ${JSON.stringify(item)}`);
}

/** Outputs that answer nothing, by name. */
const HOSTILE: Readonly<Record<string, string>> = {
  "an empty output": "",
  "white space": " \n\t ",
  "a control character": "\u0000",
  "half of a surrogate pair": "\ud800",
  "an unclosed tag": "<answer>",
  "an empty answer": "<answer></answer>",
  garbage: garbage(2_000),
  "100 kB of garbage": garbage(100_000),
  "100 kB of parentheses": `<answer>${"(".repeat(50_000)}${")".repeat(50_000)}</answer>`,
  "100 kB of brackets": `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  "100 kB of tags": "<answer>".repeat(12_500),
};

function garbage(length: number): string {
  const random = createRandom(0);
  return Array.from({ length }, () => String.fromCharCode(32 + random.int(95))).join("");
}
