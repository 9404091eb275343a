import type { ToolDefinition } from "@rrr/core";
import type { Call } from "../src/call.ts";
import { isJsonArray, isJsonObject, type Json, JsonNumber } from "../src/json/json.ts";
import { toJsonText } from "../src/load/json-text.ts";
import { subschema } from "../src/match/bfcl/accepts.ts";
import type { SchemaPart } from "../src/schema/schema-part.ts";

type Language = "java" | "javascript";

/** A call with its arguments written out in a language, as a model would. Texts stay: they may be names of variables. */
export function inSource(call: Call, tools: readonly ToolDefinition[], language: Language): Call {
  const tool = tools.find(({ name }) => name === call.name);
  const properties = subschema(tool?.parameters, "properties");
  const written = Array.from(call.arguments, ([key, value]): [string, Json] => {
    const schema = subschema(properties, key);
    return [key, typeof value === "string" ? value : write(value, typeName(schema), schema, language)];
  });
  return { name: call.name, arguments: new Map(written) };
}

function write(value: Json, type: string, schema: SchemaPart | undefined, language: Language): string {
  const element = typeName(subschema(schema, "items"));
  const inner = (part: Json): string => write(part, element, undefined, language);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof JsonNumber) return `${value.text}${suffixOf(type, language)}`;
  if (isJsonArray(value)) {
    const elements = value.map(inner).join(", ");
    if (language === "javascript") return `[${elements}]`;
    return type === "Array" ? `new Object[]{${elements}}` : `new ArrayList<>(Arrays.asList(${elements}))`;
  }
  if (!isJsonObject(value)) return toJsonText(value);
  if (language === "javascript") {
    return `{${Array.from(value, ([key, part]) => `${JSON.stringify(key)}: ${inner(part)}`).join(", ")}}`;
  }
  const puts = Array.from(value, ([key, part]) => `put(${JSON.stringify(key)}, ${inner(part)});`);
  return `new HashMap<String, Object>() {{ ${puts.join(" ")} }}`;
}

function suffixOf(type: string, language: Language): string {
  if (language === "javascript") return type === "Bigint" ? "n" : "";
  return type === "long" ? "L" : type === "float" ? "f" : "";
}

function typeName(schema: SchemaPart | undefined): string {
  return typeof schema?.type === "string" ? schema.type : "";
}
