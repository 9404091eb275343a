/** What a thread runs: loads the task, answers questions. Started by `startThread`. */
import { getHeapStatistics } from "node:v8";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Task } from "../task.ts";
import { isThenable } from "../time-limit.ts";
import { fail, pass, type Verdict } from "../verdict.ts";
import { verifyNow } from "../verify.ts";
import type { Batch, HostEvent } from "./host.ts";
import { type Answer, type Question, toAnswer, toPlainError } from "./question.ts";
import { loadSource, type TaskSource } from "./task-source.ts";
import { writeSigns } from "./vital-signs.ts";

export interface ThreadData {
  readonly source: TaskSource;
  readonly memoryMb: number;
  readonly shared: Int32Array;
}

/** Slow verdicts do not wait for the rest of their batch. */
const FLUSH_MS = 5;
/** While verdicts are awaited, it shows that the thread is not stuck. */
const BEAT_MS = 20;

const port = parentPort as MessagePort;
const { source, memoryMb, shared } = workerData as ThreadData;
const signs = writeSigns(shared);
const send = (event: HostEvent): void => port.postMessage(event);

// Standard output is the program's own: `rrr verify` writes verdicts there.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

let answers: Answer[] = [];
let awaited = 0;
let beating: NodeJS.Timeout | undefined;

try {
  const task = await loadSource(source);
  const leaks = { name: task.name, verify: (item: unknown, text: string) => leakVerdict(task, item, text) };
  port.on("message", ({ questions, timeoutMs }: Batch) => {
    const list = typeof questions === "string" ? (JSON.parse(questions) as Question[]) : questions;
    let flushed = performance.now();
    for (const { id, item, completion, leaks: isLeak } of list) {
      signs.begin(id);
      const verdict = verifyNow(isLeak ? leaks : task, item, completion, { timeoutMs });
      if (isThenable(verdict)) answerLater(id, verdict);
      else answers.push(toAnswer(id, verdict));
      const now = performance.now();
      if (now - flushed < FLUSH_MS) continue;
      flush(false);
      flushed = now;
    }
    signs.rest();
    flush(true);
  });
  send({ kind: "ready" });
} catch (error) {
  send({ kind: "ended", error: toPlainError(error), isFruitless: true });
}

async function leakVerdict(task: Task, item: unknown, reflection: string): Promise<Verdict> {
  const leaks: unknown = await task.leaks?.(item, reflection);
  if (typeof leaks === "boolean") return leaks ? pass() : fail("no-leak");
  throw new TypeError(`leaks() returned ${typeof leaks} instead of a boolean`);
}

function answerLater(id: number, verdict: Promise<Verdict>): void {
  awaited++;
  beating ??= setInterval(check, BEAT_MS);
  void verdict.then((settled) => {
    if (answers.push(toAnswer(id, settled)) === 1) setImmediate(flush, true);
    if (--awaited > 0) return;
    clearInterval(beating);
    beating = undefined;
  });
}

function flush(isFree: boolean): void {
  send({ kind: "answers", count: answers.length, answers: JSON.stringify(answers), isFree });
  answers = [];
  if (isFree) check();
}

/** The limit of the heap does not hold Buffers. What blocks the thread meanwhile is watched from outside. */
function check(): void {
  signs.beat();
  if (getHeapStatistics().external_memory <= memoryMb * 2 ** 20) return;
  const message = `verifiers kept more than ${memoryMb} MB of buffers`;
  send({ kind: "ended", error: { code: "verifier-failed", message }, isFruitless: false });
}
