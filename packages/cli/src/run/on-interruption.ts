import { exit } from "../output/finish.ts";
import { stdout } from "../output/print.ts";
import { isHangupIgnored } from "./hangup.ts";

/** By the signal that ends a run, the exit code: of a closed terminal what a shell would say. */
const EXIT_CODES: readonly (readonly [signal: NodeJS.Signals, exitCode: number])[] = [
  ["SIGINT", 130],
  ["SIGTERM", 130],
  ["SIGHUP", 129],
];

/**
 * Calls `stop` and ends the process, at once: on Ctrl-C or SIGTERM with 130, with 129 when the terminal is closed, and
 * with 1 when nobody reads standard output any more (`| head -1`). What was acknowledged is on disk already. `stop`
 * must be synchronous; native work that is under way cannot be waited for.
 * @returns a function that lets interruptions be again
 */
export function onInterruption(stop: () => void): () => void {
  const end = (exitCode: number): void => {
    try {
      stop();
    } finally {
      exit(exitCode);
    }
  };
  const listeners = heeded().map(([signal, exitCode]) => [signal, () => end(exitCode)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const onOutputError = ({ code }: NodeJS.ErrnoException): void => {
    if (code === "EPIPE") end(1);
  };
  // Before the listener of bin.ts, which would call it a success.
  stdout.prependListener("error", onOutputError);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    stdout.off("error", onOutputError);
  };
}

/**
 * For a command that has to finish something first: resolves with the exit code when it is to end. Another signal ends it
 * at once.
 */
export function untilInterrupted(): Promise<number> {
  return new Promise((resolve) => {
    let isEnding = false;
    for (const [signal, exitCode] of heeded()) {
      process.on(signal, () => {
        if (isEnding) exit(exitCode);
        isEnding = true;
        resolve(exitCode);
      });
    }
  });
}

function heeded(): typeof EXIT_CODES {
  return EXIT_CODES.filter(([signal]) => signal !== "SIGHUP" || !isHangupIgnored());
}
