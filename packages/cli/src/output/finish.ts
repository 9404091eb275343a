import { messageOf, RrrError } from "@rrr/core";
import { HINTS } from "./hints.ts";
import { changedIntrinsic } from "./intrinsics.ts";
import { stdout } from "./print.ts";
import { printError, toErrorReport } from "./report-error.ts";

/** What the command has found so far. Not `process.exitCode`: a plugin may set that. */
let outcome = 0;
/** The code that the process ends with, once that is settled: a failure stays one. */
let settled: number | undefined;

// As they are before any plugin is loaded.
const end = process.exit.bind(process);
const { reallyExit } = process as unknown as { reallyExit: (code: number) => never };

/** The command goes on, and ends with this exit code. */
export function failWith(code: number): void {
  outcome = code;
}

/** Ends the process at once. The only way to end it: see `refuseOtherEnds`. */
export function exit(code: number): never {
  settle(code);
  return end(code);
}

function settle(code: number): void {
  settled ||= code;
}

/** Ends a command that has done its work, when all it said is written: what a plugin left open does not keep it. */
export async function finish(json: boolean): Promise<never> {
  const changed = changedIntrinsic();
  if (changed !== undefined && outcome === 0) {
    const hint =
      "Code that rrr loads must leave what all code shares as it is: it may have changed the results.";
    printError(
      toErrorReport(new RrrError("plugin-failed", `a plugin changed ${changed}`, { hint })),
      undefined,
      json,
    );
    failWith(1);
  }
  for (const stream of [stdout, process.stderr]) {
    await new Promise<void>((written) => stream.write("", () => written()));
  }
  return exit(outcome);
}

/**
 * Makes it a failure when anybody else ends the process: a plugin that calls `process.exit(0)` has not done what the
 * command was asked for. So is what is thrown where nobody waits for it, in a timer or an event. What a plugin does
 * while the process ends changes no exit code.
 */
export function refuseOtherEnds(json: boolean): void {
  const fail = (error: unknown): void => printError(toErrorReport(error), error, json);
  const refuse = (code: unknown): void => {
    if (settled !== undefined) return;
    settle(1);
    const message = `the plugin ended the process (exit code ${code}), and the command with it`;
    const hint = "Code that rrr loads must not call process.exit(): throw an error instead.";
    fail(new RrrError("plugin-failed", message, { hint }));
  };
  // `process.exit` ends here, after the listeners of `exit`.
  Object.defineProperty(process, "reallyExit", {
    value: (code: unknown): never => {
      refuse(code);
      return reallyExit.call(process, settled ?? 1);
    },
  });
  process.on("exit", (code) => {
    if (settled !== undefined) return;
    refuse(code);
    // Listeners after this one could set another code, where nothing was left to do.
    try {
      process.emit("exit", 1);
    } finally {
      exit(1);
    }
  });
  process.on("uncaughtException", (thrown) => {
    fail(RrrError.is(thrown) ? thrown : uncaught(thrown));
    exit(1);
  });
}

function uncaught(cause: unknown): RrrError {
  const hint = `It comes from a timer, an event or a promise of a plugin, or it is a bug in rrr. ${HINTS["plugin-failed"]}`;
  return new RrrError("plugin-failed", `nobody caught an error: ${messageOf(cause)}`, { cause, hint });
}
