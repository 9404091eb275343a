import { messageOf, RrrError, type RrrErrorCode } from "@rrr/core";
import { CommanderError } from "commander";
import { HINTS } from "./hints.ts";
import { complain, printJson } from "./print.ts";

/** What a failed command tells: what was wrong, a code, what to do, an exit code. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** 1, or what `EXIT_CODES` says; 2 when the command line itself is at fault. */
  readonly exitCode: number;
}

/** Where it is not 1. */
const EXIT_CODES: Readonly<Partial<Record<RrrErrorCode, number>>> = {
  "bad-argument": 2,
  "no-signal": 5,
};

export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof CommanderError) {
    const message = oneLine(error.message.replace(/^error: /, ""));
    return { code: "bad-argument", message, hint: HINTS["bad-argument"], exitCode: 2 };
  }
  if (RrrError.is(error)) {
    const { code, message, hint } = error;
    // Another version of the plugin's @rrr/core may know codes that this one does not.
    const fallback = HINTS[code] ?? "Set RRR_DEBUG=1 to see where it happened.";
    const exitCode = EXIT_CODES[code] ?? 1;
    return { code, message: oneLine(message), hint: oneLine(hint ?? fallback), exitCode };
  }
  return {
    code: "unexpected",
    message: oneLine(messageOf(error)),
    hint: "This is a bug in rrr; set RRR_DEBUG=1 to see where it happened.",
    exitCode: 1,
  };
}

/** What people read, on one line: `what was wrong [code]. What to do.` */
export function errorLine({ code, message, hint }: ErrorReport): string {
  return `${message} [${code}]. ${hint}`;
}

/** Prints a report: for people on standard error, and with `json` for programs on standard output. */
export function printError(report: ErrorReport, error: unknown, json: boolean): void {
  complain(errorLine(report));
  if (process.env.RRR_DEBUG) console.error(error);
  const { code, message, hint } = report;
  if (json) printJson({ kind: "error", code, message, hint });
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, " ").trim();
}
