import type { FunctionCallItem } from "./item.ts";
import { type Json, JsonNumber } from "./json/json.ts";
import { readExpected } from "./match/read-expected.ts";
import { type VerifyMode, verifyFunctionCalls } from "./verify.ts";

/**
 * Whether a text states the complete right answer, in whatever notation: it would pass as an answer, or, where the
 * right calls are known one by one, it names every function and every text and number among the arguments.
 */
export function statesCalls(item: FunctionCallItem, text: string, mode: VerifyMode): boolean {
  if (verifyFunctionCalls(item, text, { mode }).kind === "pass") return true;
  if (mode === "bfcl") return false;
  const calls = readExpected(item);
  const parts = calls.flatMap((call) => [call.name, ...wordsOf(call.arguments)]);
  // An empty text occurs everywhere, and nowhere as a word.
  return parts.length > 0 && parts.every((part) => part === "" || occursIn(text, part));
}

/** The texts and numbers in a value. */
function wordsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (value instanceof JsonNumber) return [value.text];
  if (value instanceof Map) return [...value.values()].flatMap(wordsOf);
  return Array.isArray(value) ? value.flatMap(wordsOf) : [];
}

/** As a word or words of their own: 1 does not occur in 10. */
function occursIn(text: string, part: string): boolean {
  const isPartOfWord = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (!isPartOfWord(text[at - 1]) && !isPartOfWord(text[at + part.length])) return true;
  }
  return false;
}
