import type { Random } from "@rrr/core";
import { isJsonArray, isJsonObject, type Json, JsonNumber } from "../src/json/json.ts";
import { toJsonText } from "../src/load/json-text.ts";
import type { RightCalls } from "./random-calls.ts";
import { spell } from "./spell.ts";

type Calls = RightCalls["calls"];

/** Calls in one of the syntaxes with types of their own, other than plain JSON; undefined where it cannot hold them. */
export function writeSyntax(random: Random, calls: Calls): string | undefined {
  return calls.length === 0 ? undefined : random.pick(WRITERS)(random, calls, (json) => spell(random, json));
}

/** The same calls in each of these syntaxes that can hold them, numbers as they are written. */
export function writeAll(random: Random, calls: Calls): readonly string[] {
  const texts = calls.length === 0 ? [] : WRITERS.map((write) => write(random, calls, toJsonText));
  return texts.filter((text) => text !== undefined);
}

/** How a JSON object is spelled. */
type Spelling = (json: Json) => string;

const WRITERS: readonly ((random: Random, calls: Calls, json: Spelling) => string | undefined)[] = [
  (random, calls, json) =>
    calls
      .map((call) => `{"name": ${JSON.stringify(call.name)}, "parameters": ${json(call.arguments)}}`)
      .join(random.pick(["; ", "\n", ", "])),
  (_random, calls, json) => {
    const members = calls.map((call) => `{${JSON.stringify(call.name)}: ${json(call.arguments)}}`);
    return `[${members.join(", ")}]`;
  },
  (random, calls) => writePython(random, calls),
  (_random, calls, json) =>
    isNameable(calls)
      ? calls.map((call) => `<function=${call.name}>${json(call.arguments)}</function>`).join("\n")
      : undefined,
  (_random, calls, json) =>
    isNameable(calls)
      ? calls.map((call) => `[TOOL_CALLS]${call.name}[ARGS]${json(call.arguments)}`).join("")
      : undefined,
  (_random, calls, json) =>
    isNameable(calls)
      ? `<｜tool▁calls▁begin｜>${calls
          .map(
            (call) =>
              `<｜tool▁call▁begin｜>${call.name}<｜tool▁sep｜>${json(call.arguments)}<｜tool▁call▁end｜>`,
          )
          .join("\n")}<｜tool▁calls▁end｜>`
      : undefined,
  (_random, calls, json) =>
    isNameable(calls)
      ? `<|tool_calls_section_begin|>${calls
          .map(
            (call, i) =>
              `<|tool_call_begin|>functions.${call.name}:${i}<|tool_call_argument_begin|>${json(call.arguments)}<|tool_call_end|>`,
          )
          .join("")}<|tool_calls_section_end|>`
      : undefined,
  (_random, calls, json) =>
    isNameable(calls) ? calls.map((call) => `${call.name}\n${json(call.arguments)}`).join("\n") : undefined,
];

function isNameable(calls: Calls): boolean {
  return calls.every(({ name }) => /^[\w.-]+$/.test(name));
}

function writePython(random: Random, calls: Calls): string | undefined {
  const isWritable = calls.every(
    (call) =>
      /^[a-z_][\w.]*$/i.test(call.name) && [...call.arguments.keys()].every((key) => /^\w+$/.test(key)),
  );
  if (!isWritable) return undefined;
  const texts = calls.map(({ name, arguments: given }) => {
    const keywords = random.shuffle([...given]).map(([key, value]) => `${key}=${python(random, value)}`);
    return `${name}(${keywords.join(random.pick([", ", ",\n  "]))}${keywords.length > 0 ? random.pick(["", ","]) : ""})`;
  });
  return `[${texts.join(", ")}]`;
}

/** A JSON value as a literal of Python. */
function python(random: Random, json: Json): string {
  if (json === null) return "None";
  if (json === true) return "True";
  if (json === false) return "False";
  if (json instanceof JsonNumber) return json.text;
  if (typeof json === "string") return quoted(random, json);
  if (isJsonArray(json)) {
    const elements = json.map((one) => python(random, one));
    return random.int(3) > 0 ? `[${elements.join(", ")}]` : `(${elements.map((one) => `${one}, `).join("")})`;
  }
  if (!isJsonObject(json)) return "None";
  return `{${[...json].map(([key, value]) => `${quoted(random, key)}: ${python(random, value)}`).join(", ")}}`;
}

function quoted(random: Random, text: string): string {
  const mark = random.pick(["'", '"']);
  const inside = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll(mark, `\\${mark}`);
  return mark + inside + mark;
}
