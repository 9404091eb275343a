import type { ToolDefinition } from "@rrr/core";
import type { Call } from "../../../call.ts";
import type { Fail } from "../../../fail.ts";
import type { Json } from "../../../json/json.ts";
import { quote } from "../../../quote.ts";
import { subschema } from "../accepts.ts";
import { findTool } from "../find-tool.ts";
import { readJava } from "./read-java.ts";
import { readJavaScript } from "./read-javascript.ts";

type Language = "java" | "javascript";
const READERS = { java: readJava, javascript: readJavaScript } as const;
const NAMES = { java: "Java", javascript: "JavaScript" } as const;

/** Longer expressions than any in the data are not read: an argument may be of any length. */
const MAX_LENGTH = 4096;

/**
 * Calls with their arguments as values that are texts in a language's syntax; a fail for an argument that is no text.
 * What the tools do not declare stays as it is.
 */
export function fromSource(
  calls: readonly Call[],
  tools: readonly ToolDefinition[],
  language: Language,
): readonly Call[] | Fail {
  const read: Call[] = [];
  for (const [i, { name, arguments: given }] of calls.entries()) {
    const properties = subschema(findTool(name, tools)?.parameters, "properties");
    const values = new Map<string, Json>();
    for (const [key, value] of given) {
      const schema = subschema(properties, key);
      const element = subschema(schema, "items")?.type;
      if (schema === undefined || (typeof value === "string" && value.length > MAX_LENGTH)) {
        values.set(key, value);
        continue;
      }
      if (typeof value !== "string") {
        const place = `call ${i + 1}, ${quote(name)}: argument ${quote(key)}`;
        const detail = `${place} must be ${NAMES[language]} in a string`;
        return { kind: "fail", code: "wrong-arguments", detail };
      }
      const type = String(schema.type);
      values.set(key, READERS[language](value, type, typeof element === "string" ? element : undefined));
    }
    read.push({ name, arguments: values });
  }
  return read;
}
