import type { Call } from "../call.ts";
import { describeJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { parseJson } from "../json/parse-json.ts";

/** Calls, or why a value is no list of them. */
export type CallList =
  | { readonly kind: "calls"; readonly calls: readonly Call[] }
  | { readonly kind: "malformed"; readonly problem: string };

type CallReading = Call | { readonly problem: string };

/** Whether a value has the outline of calls, however wrong they are: other values in an output are data. */
export function isMeantAsCalls(value: Json): boolean {
  if (isJsonArray(value)) return value.length === 0 || value.some(isMeantAsCalls);
  return isJsonObject(value) && ["name", "function", "tool_calls"].some((key) => value.has(key));
}

/**
 * The calls of a JSON value: a list or a single one, each `{name, arguments}` or OpenAI's
 * `{type, function: {name, arguments}}`; or OpenAI's message around the latter. Arguments may be JSON in a string.
 */
export function toCalls(value: Json): CallList {
  if (isJsonObject(value) && value.has("tool_calls")) {
    // As APIs send it, with null for whatever it lacks.
    const said = new Map(Array.from(value).filter(([, part]) => part !== null));
    const problem = foreignKey(said, MESSAGE_KEYS);
    const list = value.get("tool_calls");
    if (problem !== undefined) return { kind: "malformed", problem: `the message has ${problem}` };
    if (list === null) return { kind: "calls", calls: [] };
    return isJsonArray(list) ? listCalls(list) : { kind: "malformed", problem: "tool_calls is no list" };
  }
  return listCalls(isJsonArray(value) ? value : [value]);
}

const MESSAGE_KEYS: ReadonlySet<string> = new Set([
  "role",
  "content",
  "reasoning_content",
  "refusal",
  "annotations",
  "tool_calls",
]);
const WRAPPER_KEYS: ReadonlySet<string> = new Set(["id", "type", "index", "function"]);
const CALL_KEYS: ReadonlySet<string> = new Set(["id", "type", "name", "arguments"]);
const FUNCTION_KEYS: ReadonlySet<string> = new Set(["name", "arguments"]);

function listCalls(list: readonly Json[]): CallList {
  const calls: Call[] = [];
  for (const [i, value] of list.entries()) {
    const call = toCall(value);
    if ("problem" in call) return { kind: "malformed", problem: `call ${i + 1}: ${call.problem}` };
    calls.push(call);
  }
  return { kind: "calls", calls };
}

function toCall(value: Json): CallReading {
  if (!isJsonObject(value)) return { problem: `${describeJson(value)} where an object must be` };
  const type = value.get("type") ?? "function";
  if (type !== "function") return { problem: 'its type must be "function"' };
  const wrapped = value.get("function");
  if (wrapped === undefined) return toNamedCall(value, CALL_KEYS);
  const problem = foreignKey(value, WRAPPER_KEYS);
  if (problem !== undefined) return { problem };
  if (!isJsonObject(wrapped)) return { problem: `function is ${describeJson(wrapped)}, not an object` };
  return toNamedCall(wrapped, FUNCTION_KEYS);
}

function toNamedCall(value: JsonObject, keys: ReadonlySet<string>): CallReading {
  const problem = foreignKey(value, keys);
  if (problem !== undefined) return { problem };
  const name = value.get("name");
  if (typeof name !== "string") return { problem: `its name is ${describeJson(name)}, not a string` };
  const written = value.get("arguments");
  const reading = typeof written === "string" ? parseJson(written) : undefined;
  if (reading?.kind === "malformed") return { problem: `its arguments are no JSON: ${reading.problem}` };
  const given = reading?.value ?? written;
  if (!isJsonObject(given)) return { problem: `its arguments are ${describeJson(given)}, not an object` };
  return { name, arguments: given };
}

/** A key that is none of the form's: what it means to change is unknown, so that it is not passed over. */
function foreignKey(value: JsonObject, known: ReadonlySet<string>): string | undefined {
  const key = Array.from(value.keys()).find((one) => !known.has(one));
  return key === undefined ? undefined : `an unknown key ${JSON.stringify(key).slice(0, 80)}`;
}
