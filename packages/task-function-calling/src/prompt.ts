import type { Message } from "@rrr/core";
import type { FunctionCallItem } from "./item.ts";
import type { PresetName } from "./presets.ts";
import { toolsShown } from "./tools-shown.ts";

const BEFORE =
  "You can call functions. Think in <think> </think> tags if it helps, then answer with a JSON array of calls, ";

/** How to answer, as the built-in model was taught to read it. */
export const instructions: string = `${BEFORE}for example [{"name": "lookup", "arguments": {"id": 7}}].`;

/**
 * How to answer, for all other models. A weak model copies an example, and this one is no call in any mode: its value is
 * no JSON, so that it is malformed, and no silence either where none is the answer.
 */
const INSTRUCTIONS_OF_OTHERS = `${BEFORE}written as [{"name": "<function>", "arguments": {"<argument>": <value>}}].`;

/** The instructions with the functions on offer, then the query. @param preset default: the built-in model's */
export function functionCallPrompt(item: FunctionCallItem, preset: PresetName = "small"): readonly Message[] {
  const content = preset === "small" ? instructions : INSTRUCTIONS_OF_OTHERS;
  return [
    { role: "system", content, tools: toolsShown(item) },
    ...(item.before ?? []).map(({ role, content }) => ({ role, content })),
    { role: "user", content: item.query },
  ];
}
