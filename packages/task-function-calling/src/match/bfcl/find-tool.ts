import type { ToolDefinition } from "@rrr/core";

/**
 * The tool that a call names. Some APIs allow no dots in names, so BFCL takes `math_factorial` for `math.factorial`
 * there; so does this, unless another tool could be meant.
 */
export function findTool(name: string, tools: readonly ToolDefinition[]): ToolDefinition | undefined {
  const named = tools.find((tool) => tool.name === name);
  if (named !== undefined) return named;
  const [similar, ...others] = tools.filter((tool) => tool.name.replaceAll(".", "_") === name);
  return others.length === 0 ? similar : undefined;
}
