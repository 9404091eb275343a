import { reflectionPrompt } from "../conversation.ts";
import { reflectionLeaks } from "../leaks.ts";
import { show } from "../show.ts";
import { hasGold } from "./check-golds.ts";
import { goldAnswers, goldFrame, indexGivenAway } from "./gold-frame.ts";
import type { Subject, TaskSuite } from "./task-suite.ts";

/** A failed attempt and what the task says about it. */
interface Case<Item> {
  readonly subject: Subject<Item>;
  readonly completion: string;
  readonly request: string;
}

/**
 * The request for a reflection says nothing that a binary checker would not know: beyond words that the prompt or
 * the attempt has, it is the same text whatever the problem and the failure. It never states the answer.
 */
export async function checkRequests<Item>(
  suite: TaskSuite<Item>,
  subjects: readonly Subject<Item>[],
): Promise<void> {
  const cases: Case<Item>[] = [];
  for (const subject of subjects) cases.push(...(await casesOf(suite, subject, subjects)));
  await checkForGold(suite, cases);
  if (suite.task.feedback !== true) checkForFeedback(suite, cases);
}

/** Failures of many kinds: no answer, an answer to another problem, half of the right one, a digit off. */
async function casesOf<Item>(
  { task, tell, verify }: TaskSuite<Item>,
  subject: Subject<Item>,
  all: readonly Subject<Item>[],
): Promise<readonly Case<Item>[]> {
  const { item, prompt, gold = "" } = subject;
  const other = all.find((each) => each.gold !== subject.gold)?.gold ?? "";
  const offByOne = gold.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
  const cases: Case<Item>[] = [];
  for (const completion of ["", "qwx", other, gold.slice(0, gold.length / 2), offByOne]) {
    const what = `${show(completion)} for ${show(item)}`;
    tell({ kind: "checking", codes: ["broken"], what: `reflect() after ${what}` });
    const request = reflectionPrompt(task, { item, prompt, completion }).at(-1)?.content ?? "";
    if ((await verify(item, completion, what)).kind === "fail") cases.push({ subject, completion, request });
  }
  return cases;
}

/** By the task's own measure of leaks, and by the place where the golds' answers stand. */
async function checkForGold<Item>(suite: TaskSuite<Item>, cases: readonly Case<Item>[]): Promise<void> {
  const { task, report, tell } = suite;
  const first = cases.filter(({ completion }) => completion === "");
  for (const { subject, request } of first) {
    const what = `${show(request)} for ${show(subject.item)}`;
    tell({ kind: "checking", codes: ["gold-in-request"], what });
    const leaks = await reflectionLeaks(task, subject.item, request);
    if (leaks === true) report("gold-in-request", `the request states an answer: ${what}`);
    if (leaks === undefined && task.leaks !== undefined) report("broken", `leaks() takes too long: ${what}`);
  }
  const known = first.map(({ subject, request }) => ({ ...subject, request })).filter(hasGold);
  const golds = known.map(({ gold }) => gold);
  const given = indexGivenAway(
    known.map(({ request }) => request),
    goldAnswers(golds, goldFrame(golds)),
  );
  const found = given === undefined ? undefined : known[given];
  if (found === undefined) return;
  report("gold-in-request", `the request states the answer of ${show(found.gold)}: ${show(found.request)}`);
}

function checkForFeedback<Item>({ tell, report }: TaskSuite<Item>, cases: readonly Case<Item>[]): void {
  tell({ kind: "checking", codes: ["undeclared-feedback"], what: `${cases.length} failures` });
  const inAll = wordsInAll(cases.map(({ request }) => request));
  for (const { subject, completion, request } of cases) {
    const known = `${subject.promptText}\n${completion}`.toLowerCase();
    const told = wordsOf(request).find((word) => !inAll.has(word) && !known.includes(word));
    if (told === undefined) continue;
    const what = `${show(completion)} for ${show(subject.item)}`;
    report("undeclared-feedback", `after ${what} the request tells "${told}": ${show(request)}`);
    return;
  }
}

/** What the task says whatever happened. */
function wordsInAll(texts: readonly string[]): ReadonlySet<string> {
  const [first = "", ...rest] = texts;
  const others = rest.map((text) => new Set(wordsOf(text)));
  return new Set(wordsOf(first).filter((word) => others.every((words) => words.has(word))));
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
