import type { ToolDefinition } from "@rrr/core";
import type { Call } from "../../packages/task-function-calling/src/call.ts";
import type { FunctionCallItem } from "../../packages/task-function-calling/src/item.ts";
import {
  isJsonArray,
  isJsonObject,
  type Json,
  JsonNumber,
} from "../../packages/task-function-calling/src/json/json.ts";
import { parseAccepted } from "../../packages/task-function-calling/src/match/bfcl/accepted.ts";
import { mutate } from "../../packages/task-function-calling/test/bfcl-mutations.ts";
import {
  renderAnswer,
  withArgument,
  withoutArgument,
} from "../../packages/task-function-calling/test/bfcl-renderings.ts";
import { inSource } from "../../packages/task-function-calling/test/source-text.ts";

/** What a model might write for an item, and how it came from an accepted answer. */
export interface Output {
  readonly kind: string;
  readonly calls: readonly Call[];
}

/** Every accepted answer spelled out, and every change of the first; both judges are asked about all of them. */
export function* outputsOf(item: FunctionCallItem): Generator<Output, void> {
  const { tools, expected, rules } = item;
  const isRequired = (name: string, key: string): boolean => requiredOf(tools, name).includes(key);
  const renderings = renderAnswer(parseAccepted(expected), isRequired);
  const [right = []] = renderings;
  const written = (calls: readonly Call[]): readonly Call[] =>
    rules === "java" || rules === "javascript" ? calls.map((call) => inSource(call, tools, rules)) : calls;
  for (const calls of renderings) yield { kind: "accepted", calls: written(calls) };
  const filled = withEmptyLists(right, item);
  if (filled !== right)
    yield { kind: "accepted, empty lists where nothing is listed", calls: written(filled) };
  for (const { kind, calls } of mutate(right, tools)) yield { kind, calls: written(calls) };
  for (const { kind, calls } of respell(right, item)) yield { kind, calls: written(calls) };
}

function requiredOf(tools: readonly ToolDefinition[], name: string): readonly unknown[] {
  const { required = [] } = tools.find((tool) => tool.name === name)?.parameters ?? {};
  return required as readonly unknown[];
}

/** The same calls if each argument of the answer has alternatives; else with the empty list for those that have none. */
function withEmptyLists(calls: readonly Call[], { expected }: FunctionCallItem): readonly Call[] {
  const answers = parseAccepted(expected);
  if (answers.every((answer) => [...answer.arguments.values()].every(({ length }) => length > 0)))
    return calls;
  return calls.map((call, i) =>
    [...(answers[i]?.arguments ?? [])]
      .filter(([, alternatives]) => alternatives.length === 0)
      .reduce((filled, [key]) => withArgument(filled, key, []), call),
  );
}

/** Other spellings of a value, and what is left out or given where it need not be. */
function* respell(calls: readonly Call[], { tools, expected }: FunctionCallItem): Generator<Output, void> {
  const accepted = parseAccepted(expected);
  for (const [i, call] of calls.entries()) {
    for (const [key, value] of call.arguments) {
      for (const [kind, other] of spellings(value)) {
        yield { kind, calls: calls.with(i, withArgument(call, key, other)) };
      }
      if (requiredOf(tools, call.name).includes(key)) {
        yield { kind: "required argument left out", calls: calls.with(i, withoutArgument(call, key)) };
      }
    }
    for (const [key, alternatives] of accepted[i]?.arguments ?? []) {
      if (!alternatives.includes("")) continue;
      for (const [kind, value] of [
        ["empty text", ""],
        ["empty list", []],
        ["null", null],
      ] as const) {
        yield {
          kind: `${kind} for what may be left out`,
          calls: calls.with(i, withArgument(call, key, value)),
        };
      }
    }
  }
}

function* spellings(value: Json): Generator<readonly [kind: string, other: Json], void> {
  if (typeof value === "string") {
    yield ["text in capitals", value.toUpperCase()];
    yield ["text with other delimiters", value.replace(/[ ,./_-]/g, "")];
    yield ["text with other quotes", value.replaceAll("'", '"')];
    yield ["text with spaces around", ` ${value} `];
  } else if (value instanceof JsonNumber) {
    const { text } = value;
    if (/^-?\d+$/.test(text)) yield ["integer with a point", new JsonNumber(`${text}.0`)];
    if (/^-?\d+\.0$/.test(text)) yield ["decimal as an integer", new JsonNumber(text.slice(0, -2))];
    if (/^-?\d+$/.test(text)) yield ["integer as an exponent", new JsonNumber(`${text}e0`)];
  } else if (isJsonArray(value)) {
    for (const [at, element] of value.entries()) {
      for (const [kind, other] of spellings(element)) yield [`in a list: ${kind}`, value.with(at, other)];
    }
  } else if (isJsonObject(value)) {
    for (const [key, member] of value) {
      for (const [kind, other] of spellings(member))
        yield [`in a dict: ${kind}`, new Map(value).set(key, other)];
    }
  }
}
