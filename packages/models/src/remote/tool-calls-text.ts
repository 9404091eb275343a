import { asRecord, parseJson } from "./json-value.ts";

/**
 * Tool calls as the text that a model without a place for them would have written: a JSON array of
 * `{"name": …, "arguments": {…}}`, or no text for no calls. Undefined where they are malformed.
 */
export function toolCallsText(calls: unknown): string | undefined {
  if (!Array.isArray(calls)) return undefined;
  if (calls.length === 0) return "";
  const texts = calls.map(callText);
  return texts.includes(undefined) ? undefined : `[${texts.join(", ")}]`;
}

function callText(call: unknown): string | undefined {
  const { name, arguments: given } = asRecord(asRecord(call)?.function) ?? {};
  if (typeof name !== "string" || typeof given !== "string") return undefined;
  // As the model wrote them: reading the numbers would round the long ones. What is no JSON stays the model's mistake.
  const text = asRecord(parseJson(given)) === undefined ? JSON.stringify(given) : given.trim();
  return `{"name": ${JSON.stringify(name)}, "arguments": ${text}}`;
}
