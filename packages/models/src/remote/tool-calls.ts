import { asRecord, parseJson } from "./json-value.ts";
import type { WireTools } from "./wire-tools.ts";

/**
 * Tool calls as the text that a model without a place for them would have written: a JSON array of
 * `{"name": …, "arguments": {…}}`, or no text for no calls. Undefined where they are malformed.
 */
export function toolCallsText(
  calls: unknown,
  nameOf: WireTools["nameOf"] = (name) => name,
): string | undefined {
  if (!Array.isArray(calls)) return undefined;
  if (calls.length === 0) return "";
  const texts = calls.map((call) => callText(call, nameOf));
  return texts.includes(undefined) ? undefined : `[${texts.join(", ")}]`;
}

function callText(call: unknown, nameOf: WireTools["nameOf"]): string | undefined {
  const { name, arguments: given } = asRecord(asRecord(call)?.function) ?? {};
  const text = argumentsText(given);
  if (typeof name !== "string" || text === undefined) return undefined;
  return `{"name": ${JSON.stringify(nameOf(name))}, "arguments": ${text}}`;
}

/** Text with JSON in it, as OpenAI has it, or the object itself, as Ollama and others send it. */
function argumentsText(given: unknown): string | undefined {
  if (asRecord(given) !== undefined) return isExact(given) ? JSON.stringify(given) : undefined;
  if (typeof given !== "string") return undefined;
  // As the model wrote them: reading the numbers would round the long ones. What is no JSON stays the model's mistake.
  return asRecord(parseJson(given)) === undefined ? JSON.stringify(given) : given.trim();
}

/** Whether no number was rounded when the body was read. */
function isExact(value: unknown): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}
