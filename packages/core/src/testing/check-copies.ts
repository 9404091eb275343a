import { show } from "../show.ts";
import { wantsNoAnswer } from "./check-golds.ts";
import { promptCopies } from "./prompt-copies.ts";
import type { Subject, TaskSuite } from "./task-suite.ts";

/** A verifier that runs programs, for example, is not kept busy for minutes. */
const BUDGET_MS = 10_000;

/**
 * No part of a prompt, copied as the answer, passes: a weak model copies an example before it solves a problem. A line that
 * only this problem has may be a choice of several, and one of these is right. Where no answer is the right one, whatever
 * answers nothing passes.
 */
export async function checkCopies<Item>(
  { tell, report, verify, findings }: TaskSuite<Item>,
  subjects: readonly Subject<Item>[],
): Promise<void> {
  // Whatever is no answer passes: that copies do is no other defect.
  if (findings.has("hostile-passes")) return;
  const copies = subjects.map(({ prompt }) => promptCopies(prompt));
  const seen = new Map<string, number>();
  for (const { text } of copies.flat()) seen.set(text, (seen.get(text) ?? 0) + 1);
  const started = performance.now();
  for (const [i, subject] of subjects.entries()) {
    if (wantsNoAnswer(subject)) continue;
    const { item } = subject;
    if (performance.now() - started > BUDGET_MS) return;
    for (const { kind, text } of copies[i] ?? []) {
      if (kind === "line" && seen.get(text) === 1) continue;
      const what = `the prompt's ${kind === "prompt" ? "text" : kind} ${show(text)}, copied, for ${show(item)}`;
      tell({ kind: "checking", codes: ["verifier-breaks", "copy-passes"], what });
      if ((await verify(item, text, what)).kind === "pass") return report("copy-passes", `${what}, passes`);
    }
  }
}
