import type { Call } from "../src/call.ts";
import { isJsonArray, isJsonObject, type Json, JsonNumber } from "../src/json/json.ts";
import type { AcceptedCall } from "../src/match/bfcl/accepted.ts";
import { spell } from "./bfcl-renderings.ts";

/**
 * Whether the published answer contains these calls, decided as simply as can be and by none of the matcher's means:
 * every order is tried, and values are compared by a text that they have in common with all that BFCL takes for the
 * same. A mutation that the data contain changes no meaning.
 */
export function isInData(calls: readonly Call[], accepted: readonly AcceptedCall[]): boolean {
  const [call, ...others] = calls;
  if (call === undefined) return accepted.length === 0;
  return accepted.some((answer, i) => isAnswer(call, answer) && isInData(others, accepted.toSpliced(i, 1)));
}

/** Whether two lists have the same calls in the same order, as far as BFCL tells values apart. */
export function isSame(a: readonly Call[], b: readonly Call[]): boolean {
  const text = (calls: readonly Call[]): string =>
    standard(calls.map((call) => new Map(Object.entries(call))));
  return text(a) === text(b);
}

function isAnswer(call: Call, answer: AcceptedCall): boolean {
  if (call.name !== answer.name) return false;
  const keys = new Set([...call.arguments.keys(), ...answer.arguments.keys()]);
  return [...keys].every((key) => {
    const alternatives = answer.arguments.get(key) ?? [];
    const value = call.arguments.get(key);
    if (value === undefined) return alternatives.includes("");
    return alternatives.flatMap(spell).some((alternative) => standard(alternative) === standard(value));
  });
}

function standard(value: Json): string {
  if (typeof value === "string") return JSON.stringify(standardText(value));
  if (value instanceof JsonNumber) return String(Number(value.text));
  if (isJsonArray(value)) return `[${value.map(standard).join()}]`;
  if (!isJsonObject(value)) return String(value);
  return `{${Array.from(value, ([key, member]) => `${JSON.stringify(key)}:${standard(member)}`)
    .sort()
    .join()}}`;
}

/** As written where nothing is left, so that "," is not "-". */
function standardText(text: string): string {
  return (
    text
      .replace(/[ ,./\-_*^]/g, "")
      .toLowerCase()
      .replaceAll("'", '"') || text
  );
}
