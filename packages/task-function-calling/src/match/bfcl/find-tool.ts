import { serverToolNames, type ToolDefinition } from "@rrr/core";
import { once } from "../../once.ts";

/**
 * The tool that a call names, by its own name or by the one that servers accept: a model that was offered
 * `math.factorial` as `math_factorial` can write nothing else.
 */
export function findTool(name: string, tools: readonly ToolDefinition[]): ToolDefinition | undefined {
  return tools.find((tool) => tool.name === name) ?? byServerName(tools).get(name);
}

const byServerName: (tools: readonly ToolDefinition[]) => ReadonlyMap<string, ToolDefinition> = once(
  (tools) => {
    const names = serverToolNames(tools.map(({ name }) => name));
    return new Map(tools.map((tool, i) => [names[i] as string, tool]));
  },
);
