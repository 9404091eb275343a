import fs from "node:fs";
import { devNull } from "node:os";
import { Readable } from "node:stream";
import { divertFiles, keepOpen } from "./divert-files.ts";

/** Functions of `fs` whose first argument says what they read. */
const READERS = ["read", "readFile", "readv"];

/**
 * Gives this thread an empty standard input: a plugin that reads must not take what the program is asked. Who reads it
 * for the program keeps the stream that `process.stdin` was before.
 */
export function divertInput(): void {
  const nothing = fs.openSync(devNull, "r");
  const empty = Readable.from([]);
  Object.defineProperty(process, "stdin", { configurable: true, get: () => empty });
  divertFiles(READERS, (target) => (target === 0 ? nothing : target));
  keepOpen(0);
}
