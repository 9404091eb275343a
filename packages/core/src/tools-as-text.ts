import type { Message, ToolDefinition } from "./message.ts";

/** The tools on offer in a conversation: those of its first message that has some. */
export function toolsOf(messages: readonly Message[]): readonly ToolDefinition[] | undefined {
  return messages.find(({ tools }) => tools !== undefined)?.tools;
}

/**
 * The same conversation for a model that has no place for tools: they stand as JSON, one a line, at the end of the
 * content of the message that carried them.
 */
export function withToolsAsText(messages: readonly Message[]): readonly Message[] {
  const carrier = messages.findIndex(({ tools }) => tools !== undefined);
  return messages.map(({ role, content, tools }, i) => {
    if (i !== carrier || tools === undefined) return { role, content };
    const lines = tools.map(({ name, description, parameters }) =>
      JSON.stringify({ name, ...(description === undefined ? {} : { description }), parameters }),
    );
    return { role, content: [`${content}\n\nFunctions on offer, as JSON:`, ...lines].join("\n") };
  });
}

/** Whether a chat template shows the tools that it is given: asked by giving it one. */
export function hasToolsSlot(
  render: (messages: readonly Message[], tools: readonly ToolDefinition[]) => string,
): boolean {
  const probe: ToolDefinition = { name: "rrr_probe", description: "", parameters: { type: "object" } };
  try {
    return render([{ role: "user", content: "" }], [probe]).includes(probe.name);
  } catch {
    // It minds something about the probe; what it minds about real conversations, it will say then.
    return false;
  }
}
