import { messageOf } from "../errors.ts";
import { show } from "../show.ts";
import { shownAnswer, shownItem } from "../shown.ts";
import { hasGold } from "./check-golds.ts";
import { goldFrame } from "./gold-frame.ts";
import { hostileOutputs } from "./hostile-outputs.ts";
import type { Subject, TaskSuite } from "./task-suite.ts";

/** A task that draws slowly is not kept at it for minutes. */
const BUDGET_MS = 10_000;

/** What the task shows of its items, and of whatever a model may answer, can be shown. */
export async function checkShown<Item>(
  { task, tell, report }: TaskSuite<Item>,
  subjects: readonly Subject<Item>[],
): Promise<void> {
  const frame = goldFrame(subjects.filter(hasGold).map(({ gold }) => gold));
  const started = performance.now();
  for (const { item, gold, prompt } of subjects) {
    const looking = (what: string): void =>
      tell({ kind: "checking", codes: ["show-breaks"], what: `${what} for ${show(item)}` });
    try {
      looking("the picture of the item");
      await shownItem(task, item);
      const outputs = hostileOutputs(prompt.at(-1)?.content ?? "", frame);
      for (const [name, output] of [["the gold completion", gold ?? ""] as const, ...outputs]) {
        looking(`the picture of ${name}`);
        await shownAnswer(task, item, output);
        if (performance.now() - started > BUDGET_MS) return;
      }
    } catch (error) {
      return report("show-breaks", `on ${show(item)}: ${messageOf(error)}`);
    }
  }
}
