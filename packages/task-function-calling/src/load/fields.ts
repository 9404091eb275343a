import { RrrError, type ToolDefinition } from "@rrr/core";
import { describeJson, isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { toPlain } from "../json/plain.ts";
import type { Row } from "./read-rows.ts";

/** @throws RrrError `bad-item` naming the place, if the field is no string. */
export function textField({ fields, place }: Row, name: string): string {
  const value = fields.get(name);
  if (typeof value === "string") return value;
  throw new RrrError("bad-item", `${place}: ${name} must be a string, got ${describeJson(value)}`);
}

/** Tools as any of the common formats has them, in whatever types they describe their parameters. */
export function toTools(value: Json | undefined, place: string): readonly ToolDefinition[] {
  if (!isJsonArray(value)) {
    throw new RrrError("bad-item", `${place} must be a list of tools, got ${describeJson(value)}`);
  }
  return value.map((tool, i) => toTool(tool, `${place}[${i}]`));
}

/** Where a tool keeps the schema of its arguments: OpenAI and most others, Anthropic, MCP. */
const SCHEMA_FIELDS = ["parameters", "input_schema", "inputSchema"];

function toTool(given: Json, place: string): ToolDefinition {
  // OpenAI wraps a function: {"type": "function", "function": {…}}.
  const wrapped = isJsonObject(given) ? given.get("function") : undefined;
  const tool = isJsonObject(wrapped) ? wrapped : given;
  const name = isJsonObject(tool) ? tool.get("name") : undefined;
  if (!isJsonObject(tool) || typeof name !== "string") {
    throw new RrrError("bad-item", `${place} must be {"name": "…", "parameters": {…}}`);
  }
  const field = SCHEMA_FIELDS.find((name) => (tool.get(name) ?? null) !== null);
  const parameters = field === undefined ? new Map() : tool.get(field);
  const description = tool.get("description") ?? undefined;
  if (!isJsonObject(parameters)) {
    throw new RrrError("bad-item", `${place}.${field} must be an object, got ${describeJson(parameters)}`);
  }
  if (description !== undefined && typeof description !== "string") {
    throw new RrrError("bad-item", `${place}.description must be a string, got ${describeJson(description)}`);
  }
  return {
    name,
    ...(description !== undefined && { description }),
    parameters: toPlain(parameters) as ToolDefinition["parameters"],
  };
}
