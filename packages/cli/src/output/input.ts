import fs from "node:fs";
import { isatty } from "node:tty";

// As they are before `divertInput`.
const open = Object.getOwnPropertyDescriptor(process, "stdin")?.get;
const { open: openFile, read, close } = fs;
let opened: NodeJS.ReadableStream | undefined;

/**
 * Standard input, for the command's own questions and lines; nothing in this package asks `process` for it, which gives a
 * plugin an empty one. Opened when it is first asked for.
 */
export function stdin(): NodeJS.ReadableStream {
  opened ??= isFile() ? readFile() : (open?.call(process) as NodeJS.ReadableStream);
  return opened;
}

/** Whether somebody can be asked. */
export function isTerminal(): boolean {
  return isatty(0);
}

function isFile(): boolean {
  const entry = fs.fstatSync(0);
  return !entry.isFIFO() && !entry.isSocket() && !isatty(0);
}

/** Node reads one by what `fs` has become. */
function readFile(): NodeJS.ReadableStream {
  return fs.createReadStream("", { fd: 0, autoClose: false, fs: { open: openFile, read, close } });
}
