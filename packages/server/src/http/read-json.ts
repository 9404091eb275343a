import { messageOf } from "@rrr/core";
import { Refusal } from "./refusal.ts";

/** What a body of UTF-8 says as JSON. @throws Refusal 400 */
export function readJson(bytes: Uint8Array): unknown {
  return parseJson(textOf(bytes), "the body");
}

/** @param what names the text in the error @throws Refusal 400 */
export function parseJson(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `${what} is not JSON: ${messageOf(error)}`, "bad-json");
  }
  if (isDeeper(text, MOST_DEPTH))
    throw new Refusal(400, `${what} cannot be read: it is nested more than ${MOST_DEPTH} deep`, "bad-json");
  return value;
}

/** Brackets within brackets that are read: what copies, compares or writes JSON calls itself for each, and the stack ends. */
const MOST_DEPTH = 500;

/** @param text that is JSON */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (isInText) {
      if (char === "\\") i++;
      else if (char === '"') isInText = false;
    } else if (char === '"') isInText = true;
    else if (char === "[" || char === "{") depth++;
    else if (char === "]" || char === "}") depth--;
    if (depth > most) return true;
  }
  return false;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, "the body is not JSON: it is not valid UTF-8", "not-utf-8");
  }
}
