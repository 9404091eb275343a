import { Worker } from "node:worker_threads";
import { RrrError } from "@rrr/core";
import { packageRoot } from "../package-root.ts";
import { createSharedCalls, type GuardMessage, type WatchedCall, writeCalls } from "./shared-calls.ts";

export interface GuardSettings {
  /** What loading a plugin, and each item of `items()`, may take. */
  readonly patienceMs: number;
  /** What to do where that is not enough. */
  readonly hint: string;
  /** Is told what blocked this thread, after it was freed by force: what it was at is lost, and it must end. */
  readonly onStuck: (error: RrrError) => void;
}

interface Guard {
  readonly patienceMs: number;
  call<Value>(what: string, limitMs: number, call: () => Value): Value;
}

let guard: Guard | undefined;

/**
 * From now on what plugins of others do in this process has time limits: loading, `items()`, schema, prompts. What
 * waits too long fails. What blocks this thread is ended from another one, as nothing else can: so this is for a
 * program that ends then, such as the command.
 */
export function guardPlugins(settings: GuardSettings): void {
  guard = createGuard(settings);
}

export function isGuarding(): boolean {
  return guard !== undefined;
}

/** Calls a plugin within its limit. @param what names it in messages: `the plugin's items()` */
export function guarded<Value>(what: string, call: () => Value, limitMs?: number): Value {
  if (guard === undefined) return call();
  return guard.call(what, Math.min(limitMs ?? guard.patienceMs, guard.patienceMs), call);
}

function createGuard({ patienceMs, hint, onStuck }: GuardSettings): Guard {
  const shared = createSharedCalls();
  const calls = writeCalls(shared);
  const known = new Map<string, WatchedCall>();
  let thread: Worker | undefined;
  const tookTooLong = ({ what, limitMs }: WatchedCall): RrrError =>
    new RrrError("plugin-failed", `${what} took more than ${limitMs / 1_000} s`, { hint });

  /** Started with the first plugin. */
  function start(): Worker {
    const worker = new Worker(new URL("dist/guard-thread.js", packageRoot), {
      workerData: shared,
      execArgv: [],
    });
    worker.on("message", (id: number) => {
      for (const call of known.values()) if (call.id === id) setImmediate(() => onStuck(tookTooLong(call)));
    });
    worker.unref();
    setInterval(calls.beat, BEAT_MS).unref();
    return worker;
  }

  /** The other thread is told of each call's name once. */
  function toCall(worker: Worker, what: string, limitMs: number): WatchedCall {
    const found = known.get(what);
    if (found !== undefined) return found;
    const call = { id: known.size + 1, what, limitMs };
    known.set(what, call);
    worker.postMessage({ ...call, line: lineOf(tookTooLong(call)) } satisfies GuardMessage);
    return call;
  }

  return {
    patienceMs,
    call(what, limitMs, run) {
      thread ??= start();
      const worker = thread;
      const call = toCall(worker, what, limitMs);
      const leave = calls.enter(call);
      // What is ended by force never leaves: then the process lives until it has heard of it.
      worker.ref();
      let value: ReturnType<typeof run>;
      try {
        value = run();
      } finally {
        leave();
        worker.unref();
      }
      if (!(value instanceof Promise)) return value;
      const late = (): RrrError => tookTooLong(call);
      return within(value, limitMs, late).finally(calls.wait(call)) as typeof value;
    },
  };
}

const BEAT_MS = 200;

/** Without keeping the process: where nothing else does, the promise can never be settled, and Node says so. */
function within<Value>(value: Promise<Value>, limitMs: number, error: () => RrrError): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), limitMs).unref();
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}

function lineOf({ code, message, hint }: RrrError): string {
  return `rrr: ${message} [${code}]. ${hint}\n`;
}
