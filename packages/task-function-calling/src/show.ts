import type { Shown, ShownRow, ToolDefinition } from "@rrr/core";
import type { Call } from "./call.ts";
import type { FunctionCallItem } from "./item.ts";
import type { Json } from "./json/json.ts";
import { sameJson } from "./json/same-json.ts";
import { toJsonText } from "./load/json-text.ts";
import { parseAccepted } from "./match/bfcl/accepted.ts";
import { findTool } from "./match/bfcl/find-tool.ts";
import { readExpected } from "./match/read-expected.ts";
import { type CallsReading, readCalls } from "./read/read-calls.ts";
import type { Format } from "./read/syntax.ts";
import { prepareTools } from "./schema/prepare-tools.ts";
import { isSchemaPart } from "./schema/schema-part.ts";
import { toolsShown } from "./tools-shown.ts";
import type { VerifyMode } from "./verify.ts";

/** The request, the functions on offer with their arguments, and what is expected. */
export function showItem(item: FunctionCallItem, mode: VerifyMode): Shown {
  const tools = toolsShown(item).map((tool): ShownRow => [tool.name, signatureOf(tool)]);
  return { description: item.query, rows: [...tools, ...expectedRows(item, mode)] };
}

/** Each call of an answer, argument by argument, beside the expected one that it comes closest to. */
export function showAnswer(
  item: FunctionCallItem,
  completion: string,
  { mode, format }: { readonly mode: VerifyMode; readonly format: Format },
): Shown {
  const { tools } = item;
  const nameOf = (name: string): string | undefined => findTool(name, tools)?.name;
  const reading = readCalls(completion, {
    ...{ format, nameOf, tools: toolsShown(item), wholePython: mode === "bfcl" },
  });
  if (reading.kind === "fail") return { description: `No calls: ${reading.detail}.` };
  if (reading.calls.length === 0) return { description: "An empty list of calls." };
  // Values that a leaderboard accepts follow rules of their own: the verdict says which of them is broken.
  if (mode === "bfcl") return { rows: [...plainRows(reading), ...expectedRows(item, mode)] };
  const wanted = [...readExpected(item)];
  const defaults = prepareTools(tools);
  const rows = reading.calls.flatMap((call): readonly ShownRow[] => {
    const name = nameOf(call.name) ?? call.name;
    const alike = wanted.filter((each) => each.name === name);
    const known = defaults.get(name)?.defaults ?? new Map<string, Json>();
    const closest = alike.toSorted((a, b) => differences(call, a, known) - differences(call, b, known))[0];
    if (closest === undefined) return [[call.name, writeArguments(call), "wrong"]];
    wanted.splice(wanted.indexOf(closest), 1);
    return [
      [call.name, "", differences(call, closest, known) === 0 ? "right" : "wrong"],
      ...argumentRows(call, closest, known),
    ];
  });
  return {
    rows: [
      ...rows,
      ...wanted.map((call): ShownRow => [`missing: ${call.name}`, writeArguments(call), "wrong"]),
    ],
  };
}

type Defaults = ReadonlyMap<string, Json>;

function differences(call: Call, wanted: Call, defaults: Defaults): number {
  return argumentRows(call, wanted, defaults).filter(([, , mark]) => mark === "wrong").length;
}

function argumentRows(call: Call, wanted: Call, defaults: Defaults): readonly ShownRow[] {
  const names = new Set([...wanted.arguments.keys(), ...call.arguments.keys()]);
  return Array.from(names, (name): ShownRow => {
    const [given, right] = [call, wanted].map((each) => each.arguments.get(name) ?? defaults.get(name));
    if (given !== undefined && right !== undefined && sameJson(given, right)) {
      return [`  ${name}`, toJsonText(given), "right"];
    }
    const expected = right === undefined ? "it is not wanted" : `${toJsonText(right)} is expected`;
    return [`  ${name}`, `${given === undefined ? "nothing" : toJsonText(given)}; ${expected}`, "wrong"];
  });
}

function plainRows(reading: Extract<CallsReading, { kind: "calls" }>): readonly ShownRow[] {
  return reading.calls.map((call): ShownRow => [call.name, writeArguments(call)]);
}

function expectedRows(item: FunctionCallItem, mode: VerifyMode): readonly ShownRow[] {
  if (item.rules === "relevance") return [["expected", "a call of any function on offer"]];
  if (mode === "exact") return readExpected(item).map((call): ShownRow => ["expected", writeCall(call)]);
  return parseAccepted(item.expected).map(({ name, arguments: accepted }): ShownRow => {
    const values = Array.from(
      accepted,
      ([argument, any]) => `${argument}: ${any.map(toJsonText).join(" or ")}`,
    );
    return ["accepted", `${name}(${values.join(", ")})`];
  });
}

/** `(city: string, days?: integer): What it does.` */
function signatureOf({ parameters, description = "" }: ToolDefinition): string {
  const { properties, required } = isSchemaPart(parameters) ? parameters : {};
  const isNeeded = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const all = Object.entries(isSchemaPart(properties) ? properties : {}).map(([name, part]) => {
    const type = isSchemaPart(part) && typeof part.type === "string" ? `: ${part.type}` : "";
    return `${name}${isNeeded(name) ? "" : "?"}${type}`;
  });
  return `(${all.join(", ")})${description === "" ? "" : `: ${description}`}`;
}

function writeCall(call: Call): string {
  return `${call.name}${writeArguments(call)}`;
}

function writeArguments({ arguments: given }: Call): string {
  return `(${Array.from(given, ([name, value]) => `${name}: ${toJsonText(value)}`).join(", ")})`;
}
