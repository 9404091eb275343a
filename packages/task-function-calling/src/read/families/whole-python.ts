/** Python as the leaderboard reads the answers of models that it prompts: the whole output, or nothing. */
import type { Json } from "../../json/json.ts";
import { readPythonCalls } from "../../python/python-call.ts";
import { cursorAt, next } from "../../python/python-value.ts";
import { matchAt } from "../found.ts";
import type { Answer } from "../pick-answer.ts";

const START = /^\[?\s*[\p{L}_][\p{L}\p{N}_.-]{0,127}\(/u;
/** A comma and comments may follow; within so many characters, as a hostile text is full of them. */
const END = /[)\]]\s*,?\s*(?:#[^\n]*\s*)*$/;
const END_LENGTH = 500;
const NAME = /([\p{L}_][\p{L}\p{N}_]*)(\[[^\][\n]{1,200}\])?(?![\p{L}\p{N}_.(["'])/uy;
const LITERALS: ReadonlySet<string> = new Set(["True", "False", "None"]);

/** The answer of an output that is nothing else; brackets around the calls may be missing, as there. */
export function readWholePython(output: string): Answer | undefined {
  const said = output.slice(output.toLowerCase().lastIndexOf("</think>") + 1 || 0).replace(/^\/think>/i, "");
  const text = said
    .replace(/^[`\n ']+/, "")
    .trimEnd()
    .replace(/[`\n ']{1,16}$/, "");
  if (!START.test(text) || !END.test(text.slice(-END_LENGTH))) return undefined;
  const cursor = cursorAt(text, text.startsWith("[") ? 1 : 0, readExpression);
  const reading = readPythonCalls(cursor);
  if (reading.kind === "refused") {
    const isOther = reading.problem === "a name that is not called" || reading.problem === "no call";
    return isOther ? undefined : { kind: "malformed", syntax: "python", problem: reading.problem };
  }
  if (next(cursor) === "]") cursor.at++;
  return next(cursor) === "" ? { kind: "calls", syntax: "python", calls: reading.value } : undefined;
}

/** A name is its own text there, and so is a part of it: `data['sales']`. */
function readExpression(
  text: string,
  at: number,
): { readonly value: Json; readonly end: number } | undefined {
  const [written, name, part = ""] = matchAt(NAME, text, at) ?? [];
  if (written === undefined || name === undefined || LITERALS.has(name)) return undefined;
  return { value: name + part.replaceAll('"', "'"), end: at + written.length };
}
