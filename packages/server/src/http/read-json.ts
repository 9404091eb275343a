import { messageOf } from "@rrr/core";
import { Refusal } from "./refusal.ts";

/** What a body of UTF-8 says as JSON. @throws Refusal 400 */
export function readJson(bytes: Uint8Array): unknown {
  return parseJson(textOf(bytes), "the body");
}

/** @param what names the text in the error @throws Refusal 400 */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `${what} is not JSON: ${messageOf(error)}`, "bad-json");
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, "the body is not JSON: it is not valid UTF-8", "not-utf-8");
  }
}
