import { visible, visibleJson } from "@rrr/core";
import { wrapText } from "@rrr/runs";
import { terminalColumns } from "./terminal-columns.ts";

/**
 * Standard output, for the command's own results; nothing in this package asks `process` for it, which gives a plugin
 * standard error instead: see divert-output.ts.
 */
export const stdout: NodeJS.WriteStream = process.stdout;

/** Text for people. What a model, a server or a task wrote in it cannot steer their terminal. */
export function print(text: string): void {
  stdout.write(visible(text));
}

/** A line for programs; exact. */
export function printJson(value: unknown): void {
  stdout.write(`${visibleJson(value)}\n`);
}

/** Text for people that is no result: on standard error. */
export function say(text: string): void {
  process.stderr.write(visible(text));
}

/** What the command itself has to say of a failure, on standard error; a terminal gets it broken at words. */
export function complain(text: string): void {
  say(`${wrapText(`rrr: ${text}`, { columns: terminalColumns(process.stderr) })}\n`);
}
