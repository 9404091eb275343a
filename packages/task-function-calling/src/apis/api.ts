/** How a function and the ways of asking for it are written down: items are drawn from such descriptions. */
import type { Random, ToolDefinition } from "@rrr/core";

/** A JSON Schema, as tools carry it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A value of an argument. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A value as the schema wants it, and the words by which a user means it: 14, "two weeks". */
export interface Spoken {
  readonly value: JsonValue;
  readonly words: string;
}

/** One parameter of a function. */
export interface Parameter {
  readonly name: string;
  /** Of the value; with a `description` where the name alone does not say which notation is wanted. */
  readonly schema: JsonSchema;
  readonly required: boolean;
  /** Draws a value and its words. The words and the schema together must leave no other value possible. */
  readonly say: (random: Random) => Spoken;
}

/** The arguments of a call by name. */
export type Arguments = Readonly<Record<string, JsonValue>>;

/** A function, and how users ask for it. */
export interface Api {
  /** The field that it belongs to; the functions of one domain are each other's look-alikes. */
  readonly domain: string;
  /** Unique among the functions that can be on offer together. */
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /**
   * Whole sentences. `{city}` stands for the words of that parameter. What stands in brackets is said or left out,
   * and with it the optional parameters in it: `How warm is it in {city}[ in {unit}]?` Every required parameter
   * stands outside brackets, once; parameters that a sentence has no place for are optional and not asked for.
   */
  readonly requests: readonly string[];
  /** Whether arguments make sense together (one flies from one city to another); others are drawn again. */
  readonly sensible?: (values: Arguments) => boolean;
}

/** The function as a model is shown it. */
export function toTool({ name, description, parameters }: Api): ToolDefinition {
  return { name, description, parameters: objectSchema(parameters) };
}

/** The schema of an object with these fields and no others. */
export function objectSchema(fields: readonly Parameter[]): JsonSchema {
  const properties = Object.fromEntries(fields.map((each) => [each.name, each.schema]));
  const required = fields.filter((each) => each.required).map((each) => each.name);
  return { type: "object", properties, required, additionalProperties: false };
}
