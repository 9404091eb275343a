/**
 * The thread that frees the guarded one from a plugin that blocks it. Built as a file of its own; started by guard.ts.
 * It stops the code there as a debugger would; where that is no code of JavaScript, it ends the process.
 */
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type GuardMessage, NONE, readCalls, type SharedCalls } from "./shared-calls.ts";

const TICK_MS = 100;
/** Of the time between two ticks: a machine that was asleep or busy counts against nobody. */
const MOST_PER_TICK_MS = 2 * TICK_MS;
/** What the guarded thread has for its last words. */
const GRACE_MS = 2_000;
/** Until Node has seen that no debugger is there any more: it would wait for that at its end, and say so. */
const DETACH_MS = 100;
const STANDARD_ERROR = 2;

const port = parentPort as MessagePort;
const shared = workerData as SharedCalls;
const calls = new Map<number, GuardMessage>();
port.on("message", (call: GuardMessage) => calls.set(call.id, call));

let last = { sign: "", at: performance.now(), blockedMs: 0 };

const timer = setInterval(() => {
  const { id, sign } = readCalls(shared);
  const at = performance.now();
  const isSame = id !== NONE && sign === last.sign;
  const blockedMs = isSame ? last.blockedMs + Math.min(at - last.at, MOST_PER_TICK_MS) : 0;
  last = { sign, at, blockedMs };
  const call = calls.get(id);
  if (call !== undefined && blockedMs > call.limitMs) free(call);
}, TICK_MS);

function free({ id, line }: GuardMessage): void {
  clearInterval(timer);
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    setTimeout(() => port.postMessage(id), DETACH_MS);
  });
  setTimeout(() => {
    writeSync(STANDARD_ERROR, line);
    process.kill(process.pid, "SIGKILL");
  }, GRACE_MS);
}
