import { isSchemaPart, type SchemaPart } from "./schema-part.ts";
import { saysOptional } from "./type-name.ts";

/** Whether parameters are xlam's, `{"city": {"type": "str", …}}`: arguments without a schema around them. */
export function isArgumentList(parameters: SchemaPart): boolean {
  return Object.values(parameters).every(
    (part) => isSchemaPart(part) && (typeof part.type === "string" || typeof part.description === "string"),
  );
}

/** The schema that such parameters stand for. What has a default, or says so, may be left out. */
export function fromArgumentList(parameters: SchemaPart): SchemaPart {
  const required = Object.entries(parameters).filter(([, part]) => isSchemaPart(part) && !isOptional(part));
  return { type: "object", properties: parameters, required: required.map(([name]) => name) };
}

function isOptional({ type, ...others }: SchemaPart): boolean {
  return Object.hasOwn(others, "default") || (typeof type === "string" && saysOptional(type));
}
