import { RrrError } from "../errors.ts";
import type { Shown } from "../shown.ts";
import type { Task, Verifier } from "../task.ts";
import { createPool, type Pool } from "./pool.ts";
import { startProcess } from "./process-host.ts";
import { type TaskSource, toSendable } from "./task-source.ts";
import { startThread } from "./thread-host.ts";

export interface IsolationSettings {
  /**
   * Where the verifier runs: in a process of its own, in a worker thread, or (`false`) here. Default: `"process"`,
   * the one that holds whatever the verifier does.
   */
  readonly isolate?: "worker" | "process" | false;
  /** Threads or processes at once. Default 1: verifiers share the machine with the model. */
  readonly hosts?: number;
  /** What a verdict may allocate, on the heap or in buffers. Default 512. */
  readonly memoryMb?: number;
}

/** A task whose verifier runs elsewhere, until it is closed. */
export type IsolatedTask<Item> = Task<Item> & {
  /** Ends what was started; verdicts that are still waited for are `aborted`. */
  close(): Promise<void>;
};

const DEFAULT_MEMORY_MB = 512;

/**
 * Runs a task's verifier (and `leaks`, `showItem`, `showAnswer`) where it can be ended: an endless loop, a crash or 2 GB of buffers cost one
 * `invalid` verdict. The host makes the task again from its source, so a verifier must depend on nothing but its
 * item and the completion. This contains faults; it is no sandbox against malice.
 * @throws RrrError `bad-argument`, `plugin-failed`, `bad-task` where the task cannot be made there
 * @example
 * const task = await isolate(even, { module: import.meta.resolve("rrr-task-even") });
 * const verdict = await verifyWithin(task, item, completion, { timeoutMs: 1_000 });
 * await task.close();
 */
export async function isolate<Item>(
  task: Task<Item>,
  source: TaskSource,
  settings: IsolationSettings = {},
): Promise<IsolatedTask<Item>> {
  const { isolate: where = "process", hosts = 1, memoryMb = DEFAULT_MEMORY_MB } = settings;
  for (const [name, value] of Object.entries({ hosts, memoryMb })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RrrError("bad-argument", `isolation: "${name}" must be a whole number ≥ 1, got ${value}`);
  }
  if (where === false) return inherit(task, { close: async () => {} });
  const what = `the verifier of task "${task.name}"`;
  const start = where === "worker" ? startThread : startProcess;
  const isAlone = where === "process";
  const pool = createPool(what, hosts, (report) =>
    start({ what, source: toSendable(source), memoryMb, isAlone }, report),
  );
  await pool.start();
  return inherit(task, {
    verify: pooledVerifier(pool),
    ...(task.leaks === undefined ? {} : { leaks: pooledLeaks(pool) }),
    ...(task.showItem === undefined ? {} : { showItem: (item) => pooledShown(pool, "showItem", item) }),
    ...(task.showAnswer === undefined
      ? {}
      : { showAnswer: (item, completion) => pooledShown(pool, "showAnswer", item, completion) }),
    close: () => pool.close(),
  });
}

/** Inherits, so that a task with a prototype of its own stays whole. */
function inherit<Item>(task: Task<Item>, own: Partial<IsolatedTask<Item>>): IsolatedTask<Item> {
  return Object.assign(Object.create(task), own);
}

export function pooledVerifier<Item>(pool: Pool): Verifier<Item> {
  const within: NonNullable<Verifier<Item>["within"]> = (item, completion, settings) =>
    pool.ask("verify", item, completion, settings);
  const verify: Verifier<Item> = (item, completion, { signal }) => within(item, completion, { signal });
  return Object.assign(verify, { within });
}

function pooledLeaks<Item>(pool: Pool): NonNullable<Task<Item>["leaks"]> {
  return async (item, reflection) => {
    const verdict = await pool.ask("leaks", item, reflection, {});
    if (verdict.kind === "invalid") throw verdict.error;
    return verdict.kind === "pass";
  };
}

/** Nobody looks at a picture that is so slow, and verdicts wait meanwhile. */
const SHOW_TIMEOUT_MS = 2_000;

async function pooledShown(
  pool: Pool,
  asked: "showItem" | "showAnswer",
  item: unknown,
  completion = "",
): Promise<Shown> {
  const verdict = await pool.ask(asked, item, completion, { timeoutMs: SHOW_TIMEOUT_MS });
  if (verdict.kind === "invalid") throw verdict.error;
  return JSON.parse((verdict.kind === "fail" && verdict.detail) || "{}") as Shown;
}
