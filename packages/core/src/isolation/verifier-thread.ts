/** What a thread runs: loads the task, answers questions. Started by `startThread`. */
import { getHeapStatistics } from "node:v8";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { shownAnswer, shownItem } from "../shown.ts";
import type { MaybePromise, Task } from "../task.ts";
import { isThenable } from "../time-limit.ts";
import { fail, invalid, pass, type Verdict } from "../verdict.ts";
import { verifyNow } from "../verify.ts";
import { createDeadlines } from "./deadlines.ts";
import { divertInput } from "./divert-input.ts";
import { divertOutput } from "./divert-output.ts";
import { createFairClock } from "./fair-clock.ts";
import type { Asked, HostEvent } from "./host.ts";
import type { Parcel } from "./pack.ts";
import { type PlainVerdict, type QuestionColumns, toPlainError, toPlainVerdict } from "./question.ts";
import { loadSource, type TaskSource } from "./task-source.ts";
import { writeSigns } from "./vital-signs.ts";

export interface ThreadData {
  readonly source: TaskSource;
  readonly memoryMb: number;
  readonly shared: Int32Array;
}

/** Slow verdicts do not wait for the rest of their batch. */
const FLUSH_MS = 5;

const port = parentPort as MessagePort;
const { source, memoryMb, shared } = workerData as ThreadData;
const signs = writeSigns(shared);
const send = (event: HostEvent): void => port.postMessage(event);

// Standard input and output are the program's own: `rrr verify` reads questions and writes verdicts there.
divertInput();
divertOutput();

let ids: number[] = [];
let verdicts: PlainVerdict[] = [];
/** Whether the batch was gone through; some of it may still be awaited. */
let isFree = true;
let awaited = 0;
/** Runs while verdicts are awaited: their limits, and a sign that the thread is not stuck. */
const clock = createFairClock(() => {
  check();
  deadlines.check();
});
const deadlines = createDeadlines(clock);

try {
  const task = await loadSource(source);
  const { name } = task;
  const checkedBy: Readonly<Record<Asked, Pick<Task, "name" | "verify">>> = {
    verify: task,
    leaks: { name, verify: (item, text) => leakVerdict(task, item, text) },
    showItem: { name, verify: (item) => shownVerdict(shownItem(task, item)) },
    showAnswer: { name, verify: (item, text) => shownVerdict(shownAnswer(task, item, text)) },
  };
  port.on("message", ({ asked, timeoutMs, questions, text }: Parcel) => {
    const columns = typeof questions === "string" ? (JSON.parse(questions) as QuestionColumns) : questions;
    const checked = checkedBy[asked];
    const limit = { timeoutMs };
    let flushed = performance.now();
    isFree = false;
    let start = 0;
    columns.ids.forEach((id, i) => {
      const end = start + (columns.lengths[i] as number);
      const completion = text.slice(start, end);
      start = end;
      signs.begin(id);
      const verdict = verifyNow(checked, columns.items[i], completion, limit, deadlines);
      if (isThenable(verdict)) answerLater(id, verdict);
      else answer(id, verdict);
      const now = performance.now();
      if (now - flushed < FLUSH_MS) return;
      flush();
      flushed = now;
    });
    signs.rest();
    isFree = true;
    flush();
    check();
  });
  send({ kind: "ready" });
} catch (error) {
  send({ kind: "ended", error: toPlainError(error), isFruitless: true });
}

function leakVerdict(task: Task, item: unknown, reflection: string): MaybePromise<Verdict> {
  const leaks: unknown = task.leaks?.(item, reflection);
  return isThenable(leaks) ? leaks.then(fromLeaks) : fromLeaks(leaks);
}

function fromLeaks(leaks: unknown): Verdict {
  if (typeof leaks === "boolean") return leaks ? pass() : fail("no-leak");
  throw new TypeError(`leaks() returned ${typeof leaks} instead of a boolean`);
}

function shownVerdict(shown: ReturnType<typeof shownItem>): Promise<Verdict> {
  return shown.then((it) => fail("shown", JSON.stringify(it)), invalid);
}

function answer(id: number, verdict: Verdict): void {
  ids.push(id);
  verdicts.push(toPlainVerdict(verdict));
}

function answerLater(id: number, verdict: Promise<Verdict>): void {
  awaited++;
  clock.start();
  void verdict.then((settled) => {
    if (ids.length === 0) setImmediate(flush);
    answer(id, settled);
    if (--awaited === 0) clock.stop();
  });
}

function flush(): void {
  const answers = JSON.stringify({ ids, verdicts });
  send({ kind: "answers", count: ids.length, answers, isFree });
  ids = [];
  verdicts = [];
}

/** The limit of the heap does not hold Buffers. What blocks the thread meanwhile is watched from outside. */
function check(): void {
  signs.beat();
  if (getHeapStatistics().external_memory <= memoryMb * 2 ** 20) return;
  const message = `verifiers kept more than ${memoryMb} MB of buffers`;
  send({ kind: "ended", error: { code: "verifier-failed", message }, isFruitless: false });
}
