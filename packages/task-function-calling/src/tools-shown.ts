import type { ToolDefinition } from "@rrr/core";
import type { FunctionCallItem } from "./item.ts";
import { subschema } from "./match/bfcl/accepts.ts";
import { once } from "./once.ts";
import { isSchemaPart, type SchemaPart } from "./schema/schema-part.ts";
import { toJsonSchema } from "./schema/to-json-schema.ts";

/** The tools of an item as a model is shown them: JSON Schema, and for Java and JavaScript texts in that language. */
export const toolsShown: (item: Pick<FunctionCallItem, "tools" | "rules">) => readonly ToolDefinition[] =
  once(({ tools, rules }) =>
    tools.map((tool) => {
      const isSource = rules === "java" || rules === "javascript";
      const parameters = isSource ? asSource(tool.parameters, LANGUAGES[rules]) : tool.parameters;
      return { ...tool, parameters: toJsonSchema(parameters) };
    }),
  );

const LANGUAGES = { java: "Java", javascript: "JavaScript" } as const;

/** Every argument as text, with what it is in the language: the leaderboard's models are asked in the same way. */
function asSource(parameters: SchemaPart, language: string): SchemaPart {
  const properties = Object.entries(subschema(parameters, "properties") ?? {}).map(([name, part]) => {
    const { type, description, items, properties: members } = isSchemaPart(part) ? part : {};
    const element = isSchemaPart(items) && typeof items.type === "string" ? ` of ${items.type}` : "";
    const kind = typeof type === "string" && type !== "" && type !== "any" ? `${type}${element}` : "value";
    const shape = members === undefined ? "" : ` with these members: ${JSON.stringify(members)}`;
    const hint = `Written as source text of ${language}: a ${kind}${shape}.`;
    const text = typeof description === "string" ? `${description} ${hint}` : hint;
    return [name, { type: "string", description: text }] as const;
  });
  return { ...parameters, properties: Object.fromEntries(properties) };
}
