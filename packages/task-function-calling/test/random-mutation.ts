import type { Random } from "@rrr/core";
import type { FunctionCallItem } from "../src/item.ts";
import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from "../src/json/json.ts";
import { meaningOf } from "./meaning.ts";
import { type RightCalls, randomCalls, randomValue } from "./random-calls.ts";
import { spell } from "./spell.ts";
import { writeSyntax } from "./write-syntax.ts";

export interface Judged {
  readonly item: FunctionCallItem;
  readonly completion: string;
}

type Calls = RightCalls["calls"];

/** A right answer in one of the forms that are read. */
export function randomRight(random: Random): Judged {
  const right = randomCalls(random);
  return { item: toItem(random, right), completion: write(random, right.calls) };
}

/** A completion that is wrong, made from a right answer by one change of meaning. */
export function randomMutation(random: Random): Judged {
  while (true) {
    const right = randomCalls(random);
    const item = toItem(random, right);
    if (random.int(4) === 0) {
      const text = list(random, right.calls);
      const broken = random.pick(BREAKS)(text, random);
      if (broken === text) continue;
      return { item, completion: broken };
    }
    const calls = random.pick(CHANGES)(right, random);
    if (meaningOf({ ...right, calls }) !== meaningOf(right))
      return { item, completion: write(random, calls) };
  }
}

/** Changes of the calls. Some change nothing, by luck: the oracle decides. */
const CHANGES: readonly ((right: RightCalls, random: Random) => Calls)[] = [
  ({ calls }, random) => calls.toSpliced(random.int(calls.length), 1),
  ({ calls }, random) => [...calls, random.pick(calls)],
  ({ calls, tools }, random) => [...calls, { name: random.pick(tools).name, arguments: new Map() }],
  (right, random) => renamed(right, random, () => random.pick(right.tools).name),
  (right, random) => renamed(right, random, (name) => name.toUpperCase()),
  (right, random) =>
    renamed(right, random, (name) => random.pick([`${name} `, ` ${name}`, `${name}s`, "__proto__", ""])),
  ({ calls }, random) => replaced(calls, random, () => new Map()),
  ({ calls }, random) => replaced(calls, random, (given) => new Map([...given].slice(1))),
  ({ calls }, random) =>
    replaced(calls, random, (given) => new Map([...given, ["extra", randomValue(random)]])),
  ({ calls }, random) =>
    replaced(calls, random, (given) => new Map([...given, ["__proto__", new Map(given)]])),
  ({ calls }, random) => replaced(calls, random, (given) => new Map([["arguments", given]])),
  ({ calls }, random) => replaced(calls, random, (given) => withKeys(given, (key) => `${key} `)),
  ({ calls }, random) => replaced(calls, random, (given) => withKeys(given, (key) => key.toUpperCase())),
  ({ calls }, random) => replaced(calls, random, (given) => rotated(given)),
  ({ calls }, random) => replaced(calls, random, (given) => changedValue(given, random)),
  ({ calls }, random) => replaced(calls, random, (given) => changedValue(given, random)),
  ({ calls }, random) => replaced(calls, random, (given) => changedValue(given, random)),
];

/** Changes of a right list of calls after which it is no answer, or not the answer. */
const BREAKS: readonly ((text: string, random: Random) => string)[] = [
  (text) => `${text.slice(0, -1)},]`,
  (text) => text.slice(0, -1),
  (text) => text.slice(1),
  (text) => `${text}]`,
  (text) => `[${text}]`,
  (text) => `<think>${text}</think>`,
  (text) => `<think>\n${text}`,
  (text) => `${text}\n</think>`,
  (text) => `\`\`\`json\n${text}`,
  (text) => `<tool_call>${text}`,
  (text) => `<tool_call>${text}</tool_call><tool_call>`,
  (text) => `${text} or rather []`,
  (text) => `${text}\n[{"name": "search", "arguments": {"never": "wanted"}}]`,
  (text) => `${text}, ${text}`,
  (text) => text.replaceAll('"', "'"),
  (text) => text.replace(/"name"/, "name"),
  (text) => text.replace(/"arguments"/, '"args"'),
  (text) => text.replace("{", '{"name": "search", "name": "search", '),
  (text) => text.replace("{", '{"why": "it fits", '),
  (text) => text.replace("{", "{ // the call\n"),
  (text) => JSON.stringify(text),
  (text, random) => text.replace(/\}/, random.pick(["", "}}", "]", ",}", ", NaN}"])),
];

function toItem(random: Random, { tools, calls }: RightCalls): FunctionCallItem {
  return { query: "", tools, expected: list(random, calls) };
}

function list(random: Random, calls: Calls): string {
  return spell(random, calls.map(toJson));
}

function toJson(call: Calls[number]): JsonObject {
  return new Map<string, Json>(Object.entries(call));
}

/** Calls in one of the forms that are read. */
function write(random: Random, calls: Calls): string {
  const other = random.int(2) === 0 ? writeSyntax(random, calls) : undefined;
  if (other !== undefined) return random.pick(["", "<think>Perhaps [{}]?</think>\n", "Thus:\n"]) + other;
  const thought = random.pick([
    "",
    "<think>Perhaps [{}]?</think>\n",
    "<THINK>```json\n[1</THINK>",
    "Thus:\n",
  ]);
  const asText = random.int(3) === 0;
  const values = calls.map((call) =>
    toJson(asText ? { ...call, arguments: spell(random, call.arguments) as unknown as JsonObject } : call),
  );
  const tagged = values.map((value) => `<tool_call>\n${spell(random, value)}\n</tool_call>`);
  const wrapped = values.map(
    (value) =>
      new Map<string, Json>([
        ["type", "function"],
        ["function", value],
      ]),
  );
  const texts = [
    spell(random, values),
    `\`\`\`json\n${spell(random, values)}\n\`\`\``,
    `\`\`\`\n${spell(random, values)}\`\`\``,
    spell(random, wrapped),
    spell(random, new Map<string, Json>([["tool_calls", wrapped]])),
    ...(tagged.length > 0 ? [tagged.join("\n")] : []),
    ...(values[0] !== undefined && values.length === 1 ? [spell(random, values[0])] : []),
  ];
  return thought + random.pick(texts) + random.pick(["", "", "\nThat is all."]);
}

function renamed({ calls }: RightCalls, random: Random, rename: (name: string) => string): Calls {
  const at = random.int(calls.length);
  return calls.map((call, i) => (i === at ? { ...call, name: rename(call.name) } : call));
}

function replaced(calls: Calls, random: Random, change: (given: JsonObject) => JsonObject): Calls {
  const at = random.int(calls.length);
  return calls.map((call, i) => (i === at ? { ...call, arguments: change(call.arguments) } : call));
}

function withKeys(given: JsonObject, change: (key: string) => string): JsonObject {
  return new Map([...given].map(([key, value], i) => [i === 0 ? change(key) : key, value]));
}

/** Each argument with its neighbour's value. */
function rotated(given: JsonObject): JsonObject {
  const values = [...given.values()];
  return new Map([...given.keys()].map((key, i) => [key, values[(i + 1) % values.length] as Json]));
}

function changedValue(given: JsonObject, random: Random): JsonObject {
  const at = random.int(Math.max(1, given.size));
  return new Map([...given].map(([key, value], i) => [key, i === at ? changed(value, random) : value]));
}

/** Another value, mostly: nearly the same one, or the same in another type. */
function changed(json: Json, random: Random): Json {
  if (json instanceof JsonNumber)
    return random.pick<Json>([json.text, nextNumber(json.text), [json], json.text !== "0"]);
  if (typeof json === "string") {
    return random.pick<Json>([
      `${json} `,
      `${json}\u200b`,
      json.toUpperCase(),
      json.toLowerCase(),
      [json],
      null,
      "\ufeff",
    ]);
  }
  if (typeof json === "boolean")
    return random.pick<Json>([!json, String(json), new JsonNumber(json ? "1" : "0"), null]);
  if (json === null) return random.pick<Json>(["", "null", false, new JsonNumber("0"), []]);
  if (isJsonObject(json)) {
    return random.pick<Json>([
      changedValue(json, random),
      new Map([...json, ["z", null]]),
      [...json.values()],
      [json],
    ]);
  }
  if (!isJsonArray(json) || json.length === 0) return random.pick<Json>([[null], new Map(), null]);
  const at = random.int(json.length);
  return random.pick<Json>([
    json.toReversed(),
    json.toSpliced(at, 1),
    [...json, json[at] as Json],
    json.map((one, i) => (i === at ? changed(one, random) : one)),
  ]);
}

/** The next number in the last place: 3 becomes 4, 12345678901234567890 becomes …891. */
function nextNumber(text: string): JsonNumber {
  if (!text.includes(".")) return new JsonNumber(String(BigInt(text) + 1n));
  return new JsonNumber(`${text}1`);
}
