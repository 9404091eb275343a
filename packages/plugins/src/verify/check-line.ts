import { messageOf, parseItem, RrrError, type Task, verifyWithin } from "@rrr/core";
import { type Line, MAX_LINE_LENGTH } from "./read-lines.ts";

/** A verdict as a line of output has it; `line` tells where the trouble is in what was read. */
export type LineVerdict =
  | { readonly kind: "pass" }
  | { readonly kind: "fail"; readonly code: string; readonly detail?: string }
  | { readonly kind: "invalid"; readonly line: number; readonly code: string; readonly detail: string };

/** Checks one line of input. Never rejects: a broken line is an invalid verdict. */
export async function checkLine(task: Task, line: Line): Promise<LineVerdict> {
  try {
    const { item, completion } = parseLine(line);
    const verdict = await verifyWithin(task, await parseItem(task, item), completion);
    return verdict.kind === "invalid" ? toInvalid(line, verdict.error) : verdict;
  } catch (error) {
    return toInvalid(line, error);
  }
}

function parseLine(line: Line): { readonly item: unknown; readonly completion: string } {
  if (line.text === undefined) {
    throw broken(
      line.broken === "not-utf-8"
        ? "the line is not valid UTF-8"
        : `the line is longer than ${MAX_LINE_LENGTH} bytes`,
    );
  }
  const parsed = parseJson(line.text);
  if (typeof parsed !== "object" || parsed === null || !("item" in parsed)) {
    throw broken('a line must be an object with "item" and "completion"; "item" is missing');
  }
  const completion = "completion" in parsed ? parsed.completion : undefined;
  if (typeof completion !== "string") throw broken('"completion" must be a string');
  return { item: parsed.item, completion };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw broken(text.trim() === "" ? "the line is empty" : `not JSON: ${messageOf(cause)}`);
  }
}

function broken(message: string): RrrError {
  return new RrrError("bad-item", message);
}

function toInvalid(line: Line, error: unknown): LineVerdict {
  const code = RrrError.is(error) ? error.code : "bad-item";
  return { kind: "invalid", line: line.number, code, detail: messageOf(error) };
}
