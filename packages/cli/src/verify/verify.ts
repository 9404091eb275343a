import { once } from "node:events";
import { createReadStream } from "node:fs";
import { messageOf, RrrError, type Task, visibleJson } from "@rrr/core";
import type { LineVerdict } from "@rrr/plugins";
import { verifyLines } from "@rrr/plugins";
import { isTerminal, stdin } from "../output/input.ts";
import { say, stdout } from "../output/print.ts";

/** Scores JSON Lines from files, or from standard input, onto standard output. */
export async function verify(task: Task, files: readonly string[], quiet: boolean): Promise<void> {
  let answered = 0;
  const asked = { lines: 0 };
  const counts = { pass: 0, fail: 0, invalid: 0 };
  for (const file of files.length === 0 ? ["-"] : files) {
    for await (const verdicts of verifyLines(task, counted(open(file), asked))) {
      for (const { kind } of verdicts) counts[kind]++;
      answered += verdicts.length;
      await write(verdicts.map((verdict) => toJson(verdict, files.length > 1 ? file : undefined)).join(""));
    }
  }
  if (answered !== asked.lines) {
    throw new RrrError("plugin-failed", `${answered} of ${asked.lines} lines have a verdict`, {
      hint: "A plugin must not change what all code here shares, such as Array.prototype.",
    });
  }
  if (!quiet) say(`${counts.pass} pass, ${counts.fail} fail, ${counts.invalid} invalid\n`);
}

/** With several files, a line number alone does not say where the trouble is. */
function toJson(verdict: LineVerdict, file: string | undefined): string {
  const located = verdict.kind === "invalid" && file !== undefined ? { ...verdict, file } : verdict;
  return `${visibleJson(located)}\n`;
}

const LF = 0x0a;

/** Counts lines, also one without an end. */
async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  asked: { lines: number },
): AsyncGenerator<Uint8Array> {
  let last = LF;
  for await (const chunk of chunks) {
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) asked.lines++;
    last = chunk.at(-1) ?? last;
    yield chunk;
  }
  if (last !== LF) asked.lines++;
}

async function* open(file: string): AsyncGenerator<Uint8Array> {
  const stream = file === "-" ? stdin() : createReadStream(file);
  if (file === "-" && isTerminal()) say("Reading JSON Lines from the terminal …\n");
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new RrrError("bad-argument", `cannot read ${file}: ${messageOf(cause)}`, {
      cause,
      hint: "Give a JSON Lines file, or - for standard input.",
    });
  }
}

/** Waits for a slow reader, so that verdicts do not pile up in memory. */
async function write(text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, "drain");
}
