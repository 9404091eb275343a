import { visible, visibleJson } from "@rrr/core";

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
