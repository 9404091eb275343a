import type { Message } from "@rrr/core";

/** All that is sent for the model to read, in one. */
export function textOfPrompt(messages: readonly Message[]): string {
  return messages
    .map(({ content, tools }) => content + (tools === undefined ? "" : JSON.stringify(tools)))
    .join("\n");
}
