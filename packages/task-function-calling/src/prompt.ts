import type { Message } from "@rrr/core";
import type { FunctionCallItem } from "./item.ts";
import { toolsShown } from "./tools-shown.ts";

/** How to answer; the same for every item and preset. */
export const instructions: string =
  "You can call functions. Think in <think> </think> tags if it helps, then answer with a JSON array of calls, " +
  'for example [{"name": "lookup", "arguments": {"id": 7}}].';

/** The instructions with the functions on offer, then the query. */
export function functionCallPrompt(item: FunctionCallItem): readonly Message[] {
  return [
    { role: "system", content: instructions, tools: toolsShown(item) },
    ...(item.before ?? []).map(({ role, content }) => ({ role, content })),
    { role: "user", content: item.query },
  ];
}
