import type { Json } from "../json/json.ts";
import { readJson, skipBlanks } from "../json/parse-json.ts";

/** What a text gives as its answer: JSON values that should hold calls, or the problem that makes it none. */
export type Answer =
  | { readonly kind: "values"; readonly values: readonly Json[] }
  | { readonly kind: "malformed"; readonly problem: string };

/** What stands at an opening: where the search goes on, and the answer, if it is one. */
interface Found {
  readonly end: number;
  readonly answer?: Answer;
}

/** A bracket as only JSON begins; any other may be prose, such as `[1]` or `{x}`. */
const MEANT_AS_JSON = /\{\s*(?:["'}]|\w+\s*:)|\[\s*[[{\]]/y;

/** What follows a value only inside an array or object: its beginning is missing. */
const INSIDE_MORE = /\s*(?:[\]}]|,\s*[[{])/y;

const INFO = /[^\s`[{<]*/y;
const TAG = /<tool_call>/iy;

/**
 * The last answer of a text, found in one pass. What a fence, a tag or a bracket opens is read as a whole, so that no
 * part of a broken or foreign value passes for an answer. All `<tool_call>` tags are one answer, where the last is.
 * @param isMeant whether a value outside tags is meant as an answer, or is data in the prose.
 * @returns undefined where nothing looks like an answer.
 */
export function findAnswer(text: string, isMeant: (value: Json) => boolean): Answer | undefined {
  const openings = /`{3,}|<tool_call>|[[{]/gi;
  const tagged: Answer[] = [];
  let last: Answer | undefined;
  while (openings.test(text)) {
    const inside = openings.lastIndex;
    const ends = text.charAt(inside - 1);
    const isTag = ends === ">";
    const read = isTag ? readTag : ends === "`" ? readFence : readBare;
    const found = read(text, inside, isMeant);
    openings.lastIndex = found.end;
    if (found.answer === undefined) continue;
    last = found.answer;
    if (isTag) tagged.push(last);
  }
  return last !== undefined && last === tagged.at(-1) ? joined(tagged) : last;
}

function joined(answers: readonly Answer[]): Answer {
  const broken = answers.find(({ kind }) => kind === "malformed");
  return (
    broken ?? { kind: "values", values: answers.flatMap((one) => (one.kind === "values" ? one.values : [])) }
  );
}

function readTag(text: string, at: number): Found {
  const closing = /<\/tool_call>/gi;
  const reading = readJson(text, at);
  const stop = reading.kind === "value" ? skipBlanks(text, reading.end) : reading.at;
  closing.lastIndex = stop;
  const closed = closing.exec(text);
  const end = closed === null ? text.length : closing.lastIndex;
  if (reading.kind === "malformed") return { end, answer: brokenOff(reading) };
  if (closed?.index === stop) return { end, answer: { kind: "values", values: [reading.value] } };
  return { end, answer: malformed("a <tool_call> that is not closed behind its value") };
}

function readFence(text: string, at: number, isMeant: (value: Json) => boolean): Found {
  INFO.lastIndex = at;
  const info = INFO.exec(text)?.[0] ?? "";
  const start = skipBlanks(text, at + info.length);
  // Tags count wherever they stand: the fence around them is none of theirs.
  TAG.lastIndex = start;
  if (TAG.test(text)) return { end: start };
  const isJson = /^json$/i.test(info);
  if (!/[[{]/.test(text.charAt(start)) || (info !== "" && !isJson)) {
    const end = endOfFence(text, at) ?? at;
    return isJson ? { end, answer: malformed("a fence of JSON that begins otherwise") } : { end };
  }
  const reading = readJson(text, start);
  const stop = reading.kind === "value" ? skipBlanks(text, reading.end) : reading.at;
  const end = endOfFence(text, stop) ?? text.length;
  if (reading.kind === "malformed") return { end, answer: brokenOff(reading) };
  if (!text.startsWith("```", stop)) return { end, answer: malformed("a fence not closed behind its value") };
  return isMeant(reading.value) ? { end, answer: { kind: "values", values: [reading.value] } } : { end };
}

function endOfFence(text: string, at: number): number | undefined {
  let end = text.indexOf("```", at);
  if (end < 0) return undefined;
  while (text.charAt(end) === "`") end++;
  return end;
}

function readBare(text: string, inside: number, isMeant: (value: Json) => boolean): Found {
  const at = inside - 1;
  const reading = readJson(text, at);
  if (reading.kind === "malformed") {
    MEANT_AS_JSON.lastIndex = at;
    if (!MEANT_AS_JSON.test(text)) return { end: Math.max(inside, reading.at) };
    return { end: endOfBroken(text, at, 0), answer: brokenOff(reading) };
  }
  const { value, end } = reading;
  if (!isMeant(value)) return { end };
  INSIDE_MORE.lastIndex = end;
  if (!INSIDE_MORE.test(text)) return { end, answer: { kind: "values", values: [value] } };
  const answer = malformed("a value out of an array or object that never begins");
  return { end: endOfBroken(text, end, 1), answer };
}

/** Behind the bracket that closes the last of `depth` open ones; the end where none does. */
function endOfBroken(text: string, at: number, depth: number): number {
  let open = depth;
  let quoted = false;
  for (let i = at; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter === '"') quoted = !quoted;
    else if (letter === "\\") i++;
    else if (quoted) continue;
    else if (letter === "[" || letter === "{") open++;
    else if ((letter === "]" || letter === "}") && --open === 0) return i + 1;
  }
  return text.length;
}

function brokenOff({ problem, at }: { readonly problem: string; readonly at: number }): Answer {
  return malformed(`${problem}, at character ${at + 1}`);
}

function malformed(problem: string): Answer {
  return { kind: "malformed", problem };
}
