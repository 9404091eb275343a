import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TaskOptions } from "../load/load-task.ts";
import { packageRoot } from "../package-root.ts";
import type { CheckMessage } from "./check-message.ts";

export interface CheckRequest {
  readonly plugin: string;
  readonly options: TaskOptions;
  readonly seed: number;
  /** Items looked at per split. */
  readonly count: number;
}

/**
 * Runs the suite in a process of its own: the plugin may hang, crash or end it, and the command goes on.
 * @param silenceMs how long the plugin may keep the suite waiting before it counts as hung
 * @returns how the process was lost, undefined if it came to its end
 */
export function runCheckProcess(
  request: CheckRequest,
  cwd: string,
  silenceMs: number,
  onMessage: (message: CheckMessage) => void,
): Promise<string | undefined> {
  const child = fork(fileURLToPath(new URL("dist/check-child.js", packageRoot)), [JSON.stringify(request)], {
    cwd,
    // What the plugin prints must not get into the report. The last pipe is there to be closed.
    stdio: ["ignore", 2, 2, "ipc", "pipe"],
  });
  let silence: NodeJS.Timeout | undefined;
  return new Promise<string | undefined>((resolve, reject) => {
    child.on("message", (message: CheckMessage) => {
      clearTimeout(silence);
      silence = setTimeout(() => resolve(`nothing came back within ${silenceMs / 1_000} s`), silenceMs);
      onMessage(message);
      if (message.kind === "end" || message.kind === "error") resolve(undefined);
    });
    child.on("error", reject);
    // Its last messages may come after its exit code.
    const disconnected = new Promise((done) => child.once("disconnect", done));
    child.once("exit", (code, signal) => disconnected.then(() => resolve(howItEnded(code, signal))));
  }).finally(() => {
    clearTimeout(silence);
    child.kill("SIGKILL");
  });
}

/** Node's own exit code for a program whose top level waits for a promise that nothing can settle any more. */
const UNSETTLED = 13;

function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === UNSETTLED) return "the plugin waits for something that never comes";
  return `the plugin ended the process (${signal ?? `exit code ${code}`})`;
}
