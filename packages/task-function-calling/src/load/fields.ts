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

/** Tools, in whatever types they describe their parameters. */
export function toTools(value: Json | undefined, place: string): readonly ToolDefinition[] {
  if (!isJsonArray(value)) {
    throw new RrrError("bad-item", `${place} must be a list of tools, got ${describeJson(value)}`);
  }
  return value.map((tool, i) => {
    if (
      !isJsonObject(tool) ||
      typeof tool.get("name") !== "string" ||
      !isJsonObject(tool.get("parameters"))
    ) {
      throw new RrrError("bad-item", `${place}[${i}] must be {"name": "…", "parameters": {…}}`);
    }
    return toPlain(tool) as ToolDefinition;
  });
}
