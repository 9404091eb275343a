import { messageOf, RrrError } from "@rrr/core";
import { HINTS } from "./hints.ts";
import { stdout } from "./print.ts";
import { printError, toErrorReport } from "./report-error.ts";

let isOurs = false;

/** Ends the process at once. The only way to end it: see `refuseOtherEnds`. */
export function exit(code: number): never {
  isOurs = true;
  process.exit(code);
}

/** Ends a command that has done its work, when all it said is written: what a plugin left open does not keep it. */
export async function finish(): Promise<never> {
  for (const stream of [stdout, process.stderr]) {
    await new Promise<void>((written) => stream.write("", () => written()));
  }
  exit(Number(process.exitCode ?? 0));
}

/**
 * Makes it a failure when anybody else ends the process: a plugin that calls `process.exit(0)` has not done what the
 * command was asked for. So is what is thrown where nobody waits for it, in a timer or an event.
 */
export function refuseOtherEnds(json: boolean): void {
  const fail = (error: unknown): void => printError(toErrorReport(error), error, json);
  process.on("exit", (code) => {
    if (isOurs) return;
    isOurs = true;
    const message = `the plugin ended the process (exit code ${code}), and the command with it`;
    const hint = "Code that rrr loads must not call process.exit(): throw an error instead.";
    fail(new RrrError("plugin-failed", message, { hint }));
    process.exitCode = 1;
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
