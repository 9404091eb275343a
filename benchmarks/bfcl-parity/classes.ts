import type { Call } from "../../packages/task-function-calling/src/call.ts";
import type { FunctionCallItem } from "../../packages/task-function-calling/src/item.ts";
import {
  isJsonArray,
  isJsonObject,
  type Json,
  JsonNumber,
} from "../../packages/task-function-calling/src/json/json.ts";
import { parseAccepted } from "../../packages/task-function-calling/src/match/bfcl/accepted.ts";
import { subschema } from "../../packages/task-function-calling/src/match/bfcl/accepts.ts";
import type { SchemaPart } from "../../packages/task-function-calling/src/schema/schema-part.ts";
import { readTypeName } from "../../packages/task-function-calling/src/schema/type-name.ts";
import type { Output } from "./outputs.ts";

/** An output on which the two disagree. */
export interface Disagreement extends Output {
  readonly item: FunctionCallItem;
  readonly passesHere: boolean;
}

/** A kind of disagreement: the README says of each who is right. */
interface DisagreementClass {
  readonly name: string;
  /** Which of the two accepts it. */
  readonly accepts: "leaderboard" | "here";
  isOf(disagreement: Disagreement): boolean;
}

/** The first that applies counts. */
const CLASSES: readonly DisagreementClass[] = [
  {
    name: "a value of Java or JavaScript that its patterns do not read",
    accepts: "here",
    isOf: ({ item, calls }) => isSource(item) && hasValue(calls, isCollection),
  },
  {
    name: "a value of Java or JavaScript that its patterns find in another",
    accepts: "leaderboard",
    isOf: ({ item, calls }) => isSource(item) && hasValue(calls, isCollection),
  },
  {
    name: "an answer that lacks a required argument",
    accepts: "here",
    isOf: ({ item, calls }) =>
      calls.some((call) => requiredOf(item, call).some((key) => !call.arguments.has(String(key)))),
  },
  {
    name: "an argument that the answer accepts and the schema does not know",
    accepts: "here",
    isOf: ({ item, calls }) => hasArgument(calls, (_, key, call) => schemaOf(item, call, key) === undefined),
  },
  {
    name: "integers in a list of floats",
    accepts: "here",
    isOf: ({ kind }) => kind.includes("in a list: decimal as an integer"),
  },
  {
    name: "2.0 for 2 where the schema says string",
    accepts: "here",
    isOf: ({ item, calls }) =>
      hasArgument(
        calls,
        (value, key, call) => value instanceof JsonNumber && typeOf(item, call, key) === "string",
      ),
  },
  {
    name: "strings in lists in lists or dicts, spelled otherwise",
    accepts: "here",
    isOf: ({ kind }) => /in a (?:list|dict): in a list: text/.test(kind),
  },
  {
    name: "several calls of one function, paired greedily",
    accepts: "here",
    isOf: ({ calls }) => new Set(calls.map(({ name }) => name)).size < calls.length,
  },
  {
    name: "an argument without alternatives",
    accepts: "here",
    isOf: ({ item }) =>
      parseAccepted(item.expected).some((call) =>
        [...call.arguments.values()].some(({ length }) => length === 0),
      ),
  },
  {
    name: "True for 1 inside dicts",
    accepts: "leaderboard",
    isOf: ({ kind }) => /inside a value: (?:boolean for number|number for boolean)/.test(kind),
  },
  {
    name: "5.0 for 5 inside dicts and lists",
    accepts: "leaderboard",
    isOf: ({ kind }) => /in a (?:list|dict): integer (?:with a point|as an exponent)/.test(kind),
  },
  {
    name: "the empty list for what may be left out",
    accepts: "leaderboard",
    isOf: ({ item, calls }) =>
      hasArgument(
        calls,
        (value, key, call) => isJsonArray(value) && value.length === 0 && isOptional(item, call, key),
      ),
  },
  {
    name: "the empty text for what may be left out and is no text",
    accepts: "leaderboard",
    isOf: ({ item, calls }) =>
      hasArgument(
        calls,
        (value, key, call) =>
          value === "" && isOptional(item, call, key) && typeOf(item, call, key) !== "string",
      ),
  },
  {
    name: "texts of nothing but delimiters",
    accepts: "leaderboard",
    isOf: ({ calls }) =>
      hasValue(calls, (value) => typeof value === "string" && /^[ ,./\-_*^]*$/.test(value)),
  },
  {
    name: "texts that are other numbers",
    accepts: "leaderboard",
    isOf: ({ calls }) =>
      hasValue(calls, (value) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim())),
  },
];

export const CLASS_NAMES: readonly string[] = CLASSES.map(({ name }) => name);

/** The class of a disagreement; undefined for one that is not known. */
export function classOf(disagreement: Disagreement): string | undefined {
  const accepts = disagreement.passesHere ? "here" : "leaderboard";
  return CLASSES.find((each) => each.accepts === accepts && each.isOf(disagreement))?.name;
}

function isSource({ rules }: FunctionCallItem): boolean {
  return rules === "java" || rules === "javascript";
}

/** Source text of an array, a list or a map. */
function isCollection(value: Json): boolean {
  return typeof value === "string" && /^\s*(?:new\s|\[|\{)/.test(value);
}

function toolOf({ tools }: FunctionCallItem, call: Call): SchemaPart | undefined {
  return tools.find(({ name }) => name === call.name)?.parameters;
}

function requiredOf(item: FunctionCallItem, call: Call): readonly unknown[] {
  const required = toolOf(item, call)?.required;
  return Array.isArray(required) ? required : [];
}

function schemaOf(item: FunctionCallItem, call: Call, key: string): SchemaPart | undefined {
  return subschema(subschema(toolOf(item, call), "properties"), key);
}

function typeOf(item: FunctionCallItem, call: Call, key: string): unknown {
  const type = schemaOf(item, call, key)?.type;
  return typeof type === "string" ? readTypeName(type).type : undefined;
}

function isOptional({ expected }: FunctionCallItem, call: Call, key: string): boolean {
  return parseAccepted(expected).some(
    (answer) => answer.name === call.name && answer.arguments.get(key)?.includes("") === true,
  );
}

function hasArgument(
  calls: readonly Call[],
  isMeant: (value: Json, key: string, call: Call) => boolean,
): boolean {
  return calls.some((call) => [...call.arguments].some(([key, value]) => isMeant(value, key, call)));
}

/** Whether a value at any depth is meant. */
function hasValue(calls: readonly Call[], isMeant: (value: Json) => boolean): boolean {
  const has = (value: Json): boolean => {
    if (isMeant(value)) return true;
    if (isJsonArray(value)) return value.some(has);
    return isJsonObject(value) && [...value.values()].some(has);
  };
  return hasArgument(calls, has);
}
