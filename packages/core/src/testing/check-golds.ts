import { show } from "../show.ts";
import { goldAnswers, goldFrame, indexGivenAway } from "./gold-frame.ts";
import type { Subject, TaskSuite } from "./task-suite.ts";

/** Golds pass, twice, and the prompts do not contain them. */
export async function checkGolds<Item>(
  suite: TaskSuite<Item>,
  subjects: readonly Subject<Item>[],
): Promise<void> {
  const known = subjects.filter(hasGold);
  if (known.length > 0) checkPrompts(suite, known);
  for (const { item, gold } of [...known, ...subjects.filter(wantsNoAnswer)]) {
    const what = `the gold completion ${show(gold)} of ${show(item)}`;
    suite.tell({ kind: "checking", codes: ["gold-fails"], what });
    const verdict = await suite.verify(item, gold, what);
    if (verdict.kind === "fail") suite.report("gold-fails", `${gold} for ${show(item)}: ${verdict.code}`);
    const again = await suite.verify(item, gold, what);
    if (again.kind !== verdict.kind) {
      suite.report("verdict-varies", `${what}: ${verdict.kind}, then ${again.kind}`);
    }
  }
}

type Known<Item> = Subject<Item> & { readonly gold: string };

/** Whether an answer is known. */
export function hasGold<S extends Subject<unknown>>(subject: S): subject is S & { readonly gold: string } {
  return subject.gold !== undefined && subject.gold.trim() !== "";
}

/** Whether no answer is the right one, so that hostile outputs may pass. */
export function wantsNoAnswer<S extends Subject<unknown>>(
  subject: S,
): subject is S & { readonly gold: string } {
  return subject.gold?.trim() === "";
}

function checkPrompts<Item>(suite: TaskSuite<Item>, known: readonly Known<Item>[]): void {
  suite.tell({ kind: "checking", codes: ["gold-in-prompt"], what: `${known.length} prompts` });
  const golds = known.map(({ gold }) => gold);
  const frame = goldFrame(golds);
  const answers = goldAnswers(golds, frame);
  // Without a frame around it, an answer such as 7 may be in a prompt by accident; with it, as a choice of several.
  const isFramed = (frame.before + frame.after).trim() !== "" && answers.some((answer) => answer !== "");
  const isGiven = ({ promptText, gold }: Known<Item>): boolean =>
    promptText.includes(gold.trim()) &&
    !golds.some((other) => other !== gold && promptText.includes(other.trim()));
  const given = isFramed ? known.findIndex(isGiven) : -1;
  const prompts = known.map(({ promptText }) => promptText);
  const found = known[given >= 0 ? given : (indexGivenAway(prompts, answers) ?? -1)];
  if (found === undefined) return;
  suite.report(
    "gold-in-prompt",
    `the prompt of ${show(found.item)} contains the answer of ${show(found.gold)}`,
  );
}
