import type { Call } from "../call.ts";
import { describeJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { parseJson } from "../json/parse-json.ts";
import type { Offer } from "./offer.ts";
import type { Syntax } from "./syntax.ts";

/** Calls, or why a value is no list of them. */
export type CallList =
  | { readonly kind: "calls"; readonly syntax: Syntax; readonly calls: readonly Call[] }
  | { readonly kind: "malformed"; readonly problem: string };

/** What of the functions on offer decides about shapes. */
export type ShapeRules = Pick<Offer, "strict" | "isOffered">;

type CallReading = { readonly call: Call; readonly syntax: Syntax } | { readonly problem: string };

/** The shapes of data that nobody wrote as an answer: a data set's, a test's. */
export const STRICT: ShapeRules = { strict: true, isOffered: () => false };

/** Whether a value has the outline of calls, however wrong they are: other values in an output are data. */
export function isMeantAsCalls(value: Json, rules: ShapeRules): boolean {
  if (isJsonArray(value)) return value.length === 0 || value.some((one) => isMeantAsCalls(one, rules));
  if (!isJsonObject(value)) return false;
  return MARKS.some((key) => value.has(key)) || isKeyed(value, rules);
}

const MARKS = ["name", "function", "tool_calls", "tool_name"] as const;

/** `{"f": {"x": 1}}`, in which BFCL keeps results, and some models answer. */
function isKeyed(value: JsonObject, { isOffered }: ShapeRules): boolean {
  const [[name, given] = ["", null], ...more] = value;
  return more.length === 0 && isOffered(name) && (isJsonObject(given) || typeof given === "string");
}

/**
 * The calls of a JSON value: a list or a single one, each `{name, arguments}` or OpenAI's
 * `{type, function: {name, arguments}}`; or OpenAI's message around the latter. Arguments may be JSON in a string.
 * Where the rules are not strict, also the shapes of `llama` and `keyed`.
 */
export function toCalls(value: Json, rules: ShapeRules): CallList {
  if (isJsonObject(value) && value.has("tool_calls")) {
    // As APIs send it, with null for whatever it lacks.
    const said = new Map(Array.from(value).filter(([, part]) => part !== null));
    const problem = foreignKey(said, MESSAGE_KEYS);
    const list = value.get("tool_calls");
    if (problem !== undefined) return { kind: "malformed", problem: `the message has ${problem}` };
    if (list === null) return { kind: "calls", syntax: "json", calls: [] };
    return isJsonArray(list)
      ? listCalls(list, rules)
      : { kind: "malformed", problem: "tool_calls is no list" };
  }
  return listCalls(isJsonArray(value) ? value : [value], rules);
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
const NAME_KEYS = ["name", "function", "tool_name"] as const;

function listCalls(list: readonly Json[], rules: ShapeRules): CallList {
  const calls: Call[] = [];
  let syntax: Syntax = "json";
  for (const [i, value] of list.entries()) {
    const reading = toCall(value, rules);
    if ("problem" in reading) return { kind: "malformed", problem: `call ${i + 1}: ${reading.problem}` };
    calls.push(reading.call);
    if (reading.syntax !== "json") syntax = reading.syntax;
  }
  return { kind: "calls", syntax, calls };
}

function toCall(value: Json, rules: ShapeRules): CallReading {
  if (!isJsonObject(value)) return { problem: `${describeJson(value)} where an object must be` };
  if (!rules.strict && isKeyed(value, rules)) {
    const [[name, given] = ["", null]] = value;
    return withArguments(name, given, "keyed", false);
  }
  const type = value.get("type") ?? "function";
  if (type !== "function") return { problem: 'its type must be "function"' };
  const wrapped = value.get("function");
  if (wrapped === undefined || (!rules.strict && value.has("parameters"))) {
    return toNamedCall(value, CALL_KEYS, rules);
  }
  const problem = foreignKey(value, WRAPPER_KEYS);
  if (problem !== undefined) return { problem };
  if (!isJsonObject(wrapped)) return { problem: `function is ${describeJson(wrapped)}, not an object` };
  return toNamedCall(wrapped, FUNCTION_KEYS, rules);
}

function toNamedCall(value: JsonObject, keys: ReadonlySet<string>, { strict }: ShapeRules): CallReading {
  const isLlama = !strict && value.has("parameters");
  const named = isLlama ? (NAME_KEYS.find((key) => value.has(key)) ?? "name") : "name";
  const problem = foreignKey(value, isLlama ? new Set(["id", "type", named, "parameters"]) : keys);
  if (problem !== undefined) return { problem };
  const name = value.get(named);
  if (typeof name !== "string") return { problem: `its name is ${describeJson(name)}, not a string` };
  const written = value.get(isLlama ? "parameters" : "arguments");
  return withArguments(name, written, isLlama ? "llama" : "json", strict);
}

function withArguments(
  name: string,
  written: Json | undefined,
  syntax: Syntax,
  strict: boolean,
): CallReading {
  // What gateways and models send where there is nothing to say.
  const isNothing = written === undefined || written === null || written === "";
  if (isNothing && !strict) return { call: { name, arguments: new Map() }, syntax };
  const reading = typeof written === "string" ? parseJson(written) : undefined;
  if (reading?.kind === "malformed") return { problem: `its arguments are no JSON: ${reading.problem}` };
  const given = reading?.value ?? written;
  if (!isJsonObject(given)) return { problem: `its arguments are ${describeJson(given)}, not an object` };
  return { call: { name, arguments: given }, syntax };
}

/** A key that is none of the form's: what it means to change is unknown, so that it is not passed over. */
function foreignKey(value: JsonObject, known: ReadonlySet<string>): string | undefined {
  const key = Array.from(value.keys()).find((one) => !known.has(one));
  return key === undefined ? undefined : `an unknown key ${JSON.stringify(key).slice(0, 80)}`;
}
