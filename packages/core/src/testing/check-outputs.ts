import { show } from "../show.ts";
import { DEFAULT_VERIFY_TIMEOUT_MS } from "../time-limit.ts";
import { hasGold, wantsNoAnswer } from "./check-golds.ts";
import { goldFrame } from "./gold-frame.ts";
import { hostileOutputs } from "./hostile-outputs.ts";
import type { Subject, TaskSuite } from "./task-suite.ts";
import { type Cost, meter, percentile999 } from "./verdict-meter.ts";

const SLOW_MS = DEFAULT_VERIFY_TIMEOUT_MS / 5;
const MUCH_MB = 64;
/** A verifier that is slow by nature, because it runs programs for example, is not kept busy for hours. */
const BUDGET_MS = 20_000;

/** The corpus of hostile outputs fails, twice the same, breaks nothing and costs little. */
export async function checkOutputs<Item>(
  suite: TaskSuite<Item>,
  subjects: readonly Subject<Item>[],
): Promise<void> {
  const frame = goldFrame(subjects.filter(hasGold).map(({ gold }) => gold));
  const costs: Cost[] = [];
  const started = performance.now();
  for (const subject of subjects) {
    for (const [name, output] of hostileOutputs(subject.prompt.at(-1)?.content ?? "", frame)) {
      const cost = await tryTwice(suite, subject, name, output);
      costs.push(cost);
      // What is slow on a short output may never end on a long one.
      if (cost.ms > SLOW_MS) return suite.report("verifier-slow", `${Math.round(cost.ms)} ms for ${name}`);
    }
    if (performance.now() - started > BUDGET_MS) break;
  }
  reportCosts(suite, costs);
  await checkOthersGolds(suite, subjects.filter(hasGold));
}

/** @returns the cost of both: pauses of the machine, and memory that came free meanwhile, are rarely repeated */
async function tryTwice<Item>(
  { tell, report, verify }: TaskSuite<Item>,
  subject: Subject<Item>,
  name: string,
  output: string,
): Promise<Cost> {
  const { item } = subject;
  const what = `${name} for ${show(item)}`;
  tell({ kind: "checking", codes: ["verifier-breaks", "hostile-passes", "verdict-varies"], what });
  const first = await meter(() => verify(item, output, what));
  if (first.value.kind === "pass" && !wantsNoAnswer(subject)) report("hostile-passes", `${what} passes`);
  const second = await meter(() => verify(item, output, what));
  const [before, after] = [toText(first.value), toText(second.value)];
  if (before !== after) report("verdict-varies", `${what}: ${before}, then ${after}`);
  return { ms: Math.min(first.ms, second.ms), bytes: Math.max(first.bytes, second.bytes) };
}

function toText(verdict: Awaited<ReturnType<TaskSuite<unknown>["verify"]>>): string {
  return verdict.kind === "fail" ? `fail ${verdict.code}` : verdict.kind;
}

function reportCosts<Item>({ tell, report }: TaskSuite<Item>, costs: readonly Cost[]): void {
  tell({ kind: "checking", codes: ["verifier-slow", "verifier-memory"], what: `${costs.length} outputs` });
  const ms = percentile999(costs.map((cost) => cost.ms));
  const bytes = percentile999(costs.map((cost) => cost.bytes));
  tell({ kind: "measured", outputs: costs.length, ms, bytes });
  const megabytes = bytes / 2 ** 20;
  if (megabytes > MUCH_MB) report("verifier-memory", `${Math.round(megabytes)} MB for one verdict`);
}

/** A verifier that looks at the form of an answer only passes what solves another problem. */
async function checkOthersGolds<Item>(
  { tell, report, verify }: TaskSuite<Item>,
  known: readonly (Subject<Item> & { readonly gold: string })[],
): Promise<void> {
  let [tried, passed] = [0, 0];
  for (const { item, gold } of known) {
    const other = known.find((each) => each.gold !== gold)?.gold;
    if (other === undefined) continue;
    const what = `${show(other)}, right for another problem, for ${show(item)}`;
    tell({ kind: "checking", codes: ["verifier-breaks", "hostile-passes"], what });
    tried++;
    // Now and then one answer may solve two problems.
    if ((await verify(item, other, what)).kind === "pass" && ++passed > 1 && passed > tried / 2) {
      return report("hostile-passes", `${what}, passes`);
    }
  }
}
