import { messageOf, RrrError } from "@rrr/core";
import { CommanderError } from "commander";

/** What a failed command tells: one line with a code, a line with what to do, an exit code. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** 1, or 2 when the command line itself is at fault. */
  readonly exitCode: number;
}

export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof CommanderError) {
    const message = oneLine(error.message.replace(/^error: /, ""));
    return { code: "bad-argument", message, hint: "Add --help to see what there is.", exitCode: 2 };
  }
  if (RrrError.is(error)) {
    const exitCode = error.code === "bad-argument" ? 2 : 1;
    return { code: error.code, message: oneLine(error.message), hint: error.hint, exitCode };
  }
  return {
    code: "unexpected",
    message: oneLine(messageOf(error)),
    hint: "This is a bug in rrr; set RRR_DEBUG=1 to see where it happened.",
    exitCode: 1,
  };
}

/** Prints a report: for people on standard error, and with `json` for programs on standard output. */
export function printError(report: ErrorReport, error: unknown, json: boolean): void {
  const { code, message, hint } = report;
  process.stderr.write(`rrr: ${message} [${code}]\n${hint === undefined ? "" : `     ${hint}\n`}`);
  if (process.env.RRR_DEBUG) console.error(error);
  if (json) process.stdout.write(`${JSON.stringify({ kind: "error", code, message, hint })}\n`);
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, " ").trim();
}
