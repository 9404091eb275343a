import type { Task } from "@rrr/core";
import { checkLine, type LineVerdict } from "./check-line.ts";
import { type Line, readLines } from "./read-lines.ts";

/** Lines that are under way at once: for verifiers that wait for something. */
const IN_FLIGHT = 64;

/**
 * Scores JSON Lines, `{"item": …, "completion": "…"}` on each, with a verdict for every line, in their order.
 * @param chunks any stream of UTF-8, e.g. `process.stdin`: bytes that are none make their line invalid; or of text
 * @returns for each chunk, the verdicts of the lines that it completes
 */
export async function* verifyLines(
  task: Task,
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<readonly LineVerdict[], void, undefined> {
  for await (const lines of readLines(chunks)) yield await checkAll(task, lines);
}

async function checkAll(task: Task, lines: readonly Line[]): Promise<readonly LineVerdict[]> {
  const verdicts: LineVerdict[] = [];
  for (let start = 0; start < lines.length; start += IN_FLIGHT) {
    const slice = lines.slice(start, start + IN_FLIGHT);
    verdicts.push(...(await Promise.all(slice.map((line) => checkLine(task, line)))));
  }
  return verdicts;
}
