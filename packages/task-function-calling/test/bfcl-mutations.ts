import type { ToolDefinition } from "@rrr/core";
import type { Call } from "../src/call.ts";
import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from "../src/json/json.ts";
import { toJsonText } from "../src/load/json-text.ts";
import { withArgument, withoutArgument } from "./bfcl-renderings.ts";

/** Calls of which a right one was changed, and how. */
export interface Mutation {
  readonly kind: string;
  readonly calls: readonly Call[];
}

/** Every change of every kind that applies. Whether it is one of meaning is for the data to say. */
export function* mutate(calls: readonly Call[], tools: readonly ToolDefinition[]): Generator<Mutation, void> {
  for (const [i, call] of calls.entries()) {
    for (const [kind, changed] of changesOfCall(call, tools)) yield { kind, calls: calls.with(i, changed) };
    yield { kind: "dropped call", calls: calls.toSpliced(i, 1) };
    yield { kind: "doubled call", calls: calls.toSpliced(i, 0, call) };
    for (const other of calls) {
      if (other !== call) yield { kind: "call instead of another", calls: calls.with(i, other) };
    }
    for (const [j, other] of calls.entries()) {
      for (const [key, value] of call.arguments) {
        const theirs = other.arguments.get(key);
        if (j <= i || theirs === undefined) continue;
        const swapped = calls
          .with(i, withArgument(call, key, theirs))
          .with(j, withArgument(other, key, value));
        yield { kind: "swapped values between two calls", calls: swapped };
      }
    }
  }
}

function* changesOfCall(
  call: Call,
  tools: readonly ToolDefinition[],
): Generator<readonly [string, Call], void> {
  yield ["wrong name", { ...call, name: `${call.name}_2` }];
  for (const { name } of tools) {
    if (name !== call.name) yield ["call renamed to another tool", { ...call, name }];
  }
  yield ["extra argument", withArgument(call, "extra", new JsonNumber("1"))];
  for (const [key, value] of call.arguments) {
    yield ["missing argument", withoutArgument(call, key)];
    yield ["renamed argument", withArgument(withoutArgument(call, key), `${key}_2`, value)];
    for (const [other, theirs] of call.arguments) {
      if (key >= other) continue;
      yield [
        "swapped values between two arguments",
        withArgument(withArgument(call, key, theirs), other, value),
      ];
    }
    for (const [kind, changed] of changesOfValue(value)) yield [kind, withArgument(call, key, changed)];
  }
}

type Change = readonly [kind: string, changed: Json];

function* changesOfValue(value: Json): Generator<Change, void> {
  yield ["wrapped in a list", [value]];
  yield ["wrapped in an object", new Map([["value", value]])];
  if (value !== null) yield ["null for a value", null];
  if (typeof value === "boolean") yield* changesOfBoolean(value);
  else if (typeof value === "string") yield* changesOfText(value);
  else if (value instanceof JsonNumber) yield* changesOfNumber(value);
  else if (isJsonArray(value)) yield* changesOfList(value);
  else if (isJsonObject(value)) yield* changesOfObject(value);
}

function* changesOfBoolean(value: boolean): Generator<Change, void> {
  yield ["flipped boolean", !value];
  yield ["number for boolean", new JsonNumber(value ? "1" : "0")];
  yield ["text for boolean", String(value)];
}

function* changesOfText(value: string): Generator<Change, void> {
  yield ["changed text", `${value}x`];
  yield ["shortened text", value.slice(0, -1)];
  yield ["empty text", ""];
  yield ["number for text", new JsonNumber(String(Number.parseInt(value, 10) || 0))];
  yield ["boolean for text", true];
}

function* changesOfNumber({ text }: JsonNumber): Generator<Change, void> {
  const value = Number(text);
  yield ["changed number", numberOf(value + 1)];
  yield ["sign flipped", numberOf(-value)];
  yield ["scaled number", numberOf(value * 10)];
  yield ["number off by one part in a billion", numberOf(value * (1 + 1e-9) + 1e-12)];
  yield ["fraction for integer", numberOf(value + 0.5)];
  yield ["text for number", text];
  yield ["boolean for number", value !== 0];
}

function* changesOfList(list: readonly Json[]): Generator<Change, void> {
  yield ["list reversed", list.toReversed()];
  yield ["list shortened", list.slice(0, -1)];
  yield ["list lengthened", [...list, list.at(-1) ?? null]];
  yield [
    "list as text",
    list.map((element) => (typeof element === "string" ? element : toJsonText(element))).join(", "),
  ];
  for (const [i, element] of list.entries()) {
    for (const [kind, changed] of changesOfValue(element)) yield [nested(kind), list.with(i, changed)];
  }
}

function* changesOfObject(members: JsonObject): Generator<Change, void> {
  yield ["nested key added", new Map(members).set("extra", true)];
  for (const [key, value] of members) {
    const others = [...members].filter(([other]) => other !== key);
    yield ["nested key dropped", new Map(others)];
    yield ["nested key renamed", new Map([...others, [`${key}_2`, value]])];
    for (const [kind, changed] of changesOfValue(value)) {
      yield [nested(kind), new Map(members).set(key, changed)];
    }
  }
}

function numberOf(value: number): JsonNumber {
  return new JsonNumber(JSON.stringify(value));
}

function nested(kind: string): string {
  return kind.startsWith("inside a value: ") ? kind : `inside a value: ${kind}`;
}
