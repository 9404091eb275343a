import { type Message, serverToolNames, type ToolDefinition, toolsOf } from "@rrr/core";

/** The tools of a conversation as they are sent, and the way back for what is answered. */
export interface WireTools {
  /** Undefined where there are none: servers refuse an empty list. */
  readonly tools: readonly ToolDefinition[] | undefined;
  /** The name that a tool has here; of one that was not offered, that which the model wrote. */
  nameOf(sent: string): string;
}

export function wireTools(messages: readonly Message[]): WireTools {
  const tools = toolsOf(messages) ?? [];
  const names = serverToolNames(tools.map(({ name }) => name));
  const own = new Map(tools.map(({ name }, i) => [names[i], name]));
  return {
    tools: tools.length === 0 ? undefined : tools.map((tool, i) => ({ ...tool, name: names[i] as string })),
    nameOf: (sent) => own.get(sent) ?? sent,
  };
}
