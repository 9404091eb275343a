import type { Random, ToolDefinition } from "@rrr/core";
import { type Json, JsonNumber, type JsonObject } from "../src/json/json.ts";

/** A right answer: the functions on offer and one to three calls of them, arguments at defaults left out or not. */
export interface RightCalls {
  readonly tools: readonly ToolDefinition[];
  readonly calls: readonly { readonly name: string; readonly arguments: JsonObject }[];
}

const NAMES = ["get_weather", "search", "math.sum", "book", "constructor", "toString"];
const KEYS = ["city", "days", "limit", "filter", "tags", "__proto__", "a/b", "id", "note"];
const TEXTS = [
  "Paris",
  "paris",
  "",
  "3",
  "true",
  "null",
  "São Paulo",
  'a "b" \\ c',
  "[1]",
  "```",
  "line\nline",
  "🙂",
];
const NUMBERS = [
  "0",
  "1",
  "3",
  "-7",
  "0.3",
  "0.30000000000000004",
  "12345678901234567890",
  "9007199254740993",
];

export function randomCalls(random: Random): RightCalls {
  const tools = random
    .shuffle(NAMES)
    .slice(0, 2 + random.int(3))
    .map((name) => ({ name, parameters: randomParameters(random) }));
  const calls = Array.from({ length: 1 + random.int(3) }, () => {
    const tool = random.pick(tools);
    return { name: tool.name, arguments: randomArguments(random, tool) };
  });
  return { tools, calls };
}

/** Values as their own shortest text, so that equal ones are written alike. */
export function randomValue(random: Random, depth = 0): Json {
  const kind = random.int(depth > 2 ? 4 : 6);
  if (kind === 0) return random.pick(TEXTS);
  if (kind === 1) return new JsonNumber(random.pick(NUMBERS));
  if (kind === 2) return random.pick([true, false]);
  if (kind === 3) return random.pick([null, "text", new JsonNumber("5")]);
  const values = Array.from({ length: random.int(4) }, () => randomValue(random, depth + 1));
  return kind === 4 ? values : new Map(values.map((value) => [random.pick(KEYS), value]));
}

function randomParameters(random: Random): ToolDefinition["parameters"] {
  const keys = random.shuffle(KEYS).slice(0, 1 + random.int(4));
  const properties = keys.map((key) => [
    key,
    random.int(3) === 0 ? { default: random.pick([5, "metric", true]) } : {},
  ]);
  return { type: "object", properties: Object.fromEntries(properties) };
}

function randomArguments(random: Random, { parameters }: ToolDefinition): JsonObject {
  const given = new Map<string, Json>();
  for (const [key, { default: value }] of Object.entries(
    parameters.properties as Record<string, { default?: unknown }>,
  )) {
    const asDefault = typeof value === "number" ? new JsonNumber(String(value)) : (value as Json | undefined);
    if (asDefault === undefined || random.int(3) === 0) given.set(key, randomValue(random));
    else if (random.int(2) === 0) given.set(key, asDefault);
  }
  return given;
}
