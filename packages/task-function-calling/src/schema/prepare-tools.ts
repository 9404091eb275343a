import { messageOf, RrrError, type ToolDefinition } from "@rrr/core";
import type { Json } from "../json/json.ts";
import { fromPlain } from "../json/plain.ts";
import { once } from "../once.ts";
import { quote } from "../quote.ts";
import { normalizeSchema } from "./normalize-schema.ts";
import type { SchemaPart } from "./schema-part.ts";
import { allows, argumentSchema, spelled } from "./typed-value.ts";

/** A function on offer, as the checker needs it. */
export interface PreparedTool {
  /** JSON Schema of the arguments, safe to compile, as JSON text. */
  readonly schema: string;
  /** What checking a value against the schema costs, at most, in comparisons. */
  readonly size: number;
  /** Of arguments that are not required: left out, they have these values. */
  readonly defaults: ReadonlyMap<string, Json>;
}

/**
 * The functions on offer by their names; prepared once for each list.
 * @throws RrrError `bad-item` for a schema that is no JSON Schema, or a hostile one.
 */
export const prepareTools: (tools: readonly ToolDefinition[]) => ReadonlyMap<string, PreparedTool> = once(
  (tools) => new Map(tools.map((tool) => [tool.name, prepareTool(tool)])),
);

function prepareTool({ name, parameters }: ToolDefinition): PreparedTool {
  try {
    const { schema, size, defaults } = normalizeSchema(parameters);
    const values = Array.from(
      defaults,
      ([argument, value]) =>
        [argument, typedDefault(fromPlain(value), argumentSchema(schema, argument))] as const,
    );
    const known = values.filter((entry): entry is [string, Json] => entry[1] !== undefined);
    return { schema: JSON.stringify(schema), size, defaults: new Map(known) };
  } catch (cause) {
    const message = `the parameters of ${quote(name)} are no schema to check by: ${messageOf(cause)}`;
    throw new RrrError("bad-item", message, { cause, hint: "Give a JSON Schema of moderate size." });
  }
}

/** xlam keeps every default as text: brought to the declared type; none, where it is of no such type. */
function typedDefault(value: Json, part: SchemaPart | boolean): Json | undefined {
  return typeof value !== "string" || allows(part, "string") ? value : spelled(part, value);
}
