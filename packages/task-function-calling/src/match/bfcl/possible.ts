import { RrrError, type ToolDefinition } from "@rrr/core";
import { quote } from "../../quote.ts";
import { readTypeName } from "../../schema/type-name.ts";
import type { AcceptedCall } from "./accepted.ts";
import { subschema } from "./accepts.ts";
import { isRequired } from "./match.ts";

/**
 * An accepted call that some call can match. An argument without accepted values is published where the empty list is
 * meant; of another type, nothing could pass.
 * @throws RrrError `bad-item` where nothing could pass
 */
export function withPossibleValues(call: AcceptedCall, tools: readonly ToolDefinition[]): AcceptedCall {
  const tool = tools.find(({ name }) => name === call.name);
  const entries = Array.from(call.arguments, ([key, alternatives]) => {
    const type = subschema(subschema(tool?.parameters, "properties"), key)?.type;
    const named = typeof type === "string" ? readTypeName(type).type : undefined;
    const isLeftOut = tool !== undefined && alternatives.includes("") && !isRequired(tool, key);
    const isEmptyText = (named ?? "string") === "string";
    if (isLeftOut || alternatives.some((value) => value !== "" || isEmptyText))
      return [key, alternatives] as const;
    if (alternatives.length === 0 && named === "array") return [key, [[]]] as const;
    throw new RrrError("bad-item", `no value of ${quote(call.name)}.${quote(key)} could ever pass`, {
      hint: "Give an accepted value that the tool's schema allows.",
    });
  });
  return { name: call.name, arguments: new Map(entries) };
}
