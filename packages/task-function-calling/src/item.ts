import type { Message, SchemaIssue, StandardSchema, ToolDefinition } from "@rrr/core";
import { parseJson } from "./json/parse-json.ts";

/** A request that is to be answered with function calls. */
export interface FunctionCallItem {
  readonly query: string;
  /** The functions on offer; names are distinct. */
  readonly tools: readonly ToolDefinition[];
  /**
   * The right calls, as JSON text (which keeps integers beyond 2^53) or as a value: `[{"name": …, "arguments": …}]`,
   * or for the mode `bfcl` what its files call ground truth, `[{"f": {"x": [1, 2]}}]`.
   */
  readonly expected: string | readonly unknown[];
  /** What was said before the query. */
  readonly before?: readonly Turn[];
  /** What published data call this row. */
  readonly id?: string;
  /** The part of published data that it is of, such as `live_simple`. */
  readonly category?: string;
  /** What the mode `bfcl` judges by where not by the rules for Python. */
  readonly rules?: ItemRules;
}

/** A turn of the conversation before the query. */
export type Turn = Pick<Message, "content"> & { readonly role: "user" | "assistant" };

/**
 * `java`, `javascript`: the arguments are texts, values as they stand in that language. `relevance`: any call of a
 * function on offer will do, so that `expected` is not looked at.
 */
export type ItemRules = "java" | "javascript" | "relevance";

const RULES: readonly unknown[] = ["java", "javascript", "relevance"] satisfies ItemRules[];

/** Standard Schema of an item: `{"query": "…", "tools": […], "expected": […]}`. */
export const functionCallSchema: StandardSchema<unknown, FunctionCallItem> = {
  "~standard": {
    version: 1,
    vendor: "rrr",
    validate(value) {
      const issues = findIssues(value);
      return issues.length > 0 ? { issues } : { value: value as FunctionCallItem };
    },
  },
};

function findIssues(value: unknown): SchemaIssue[] {
  if (!isRecord(value)) {
    const message = `an item must be {"query": …, "tools": […], "expected": …}, got ${shown(value)}`;
    return [{ message }];
  }
  const { query, tools, expected } = value;
  const issues: SchemaIssue[] = [];
  if (typeof query !== "string") {
    issues.push({ path: ["query"], message: `query must be text, got ${shown(query)}` });
  }
  if (Array.isArray(tools)) issues.push(...findToolIssues(tools));
  else issues.push({ path: ["tools"], message: `tools must be a list of functions, got ${shown(tools)}` });
  const problem = findProblem(expected);
  if (problem !== undefined) issues.push({ path: ["expected"], message: `expected must be ${problem}` });
  return [...issues, ...findOptionalIssues(value)];
}

function findOptionalIssues({ before = [], id = "", category = "", rules }: Fields): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  const wants = (field: string, wanted: string, got: unknown): void => {
    issues.push({ path: [field], message: `${field} must be ${wanted}, got ${shown(got)}` });
  };
  if (typeof id !== "string") wants("id", "text", id);
  if (typeof category !== "string") wants("category", "text", category);
  if (rules !== undefined && !RULES.includes(rules)) wants("rules", `one of ${RULES.join(", ")}`, rules);
  if (!Array.isArray(before) || !before.every(isTurn)) {
    wants("before", 'a list of {"role": "user" or "assistant", "content": …}', before);
  }
  return issues;
}

function isTurn(value: unknown): boolean {
  return (
    isRecord(value) &&
    (value.role === "user" || value.role === "assistant") &&
    typeof value.content === "string"
  );
}

function findToolIssues(tools: readonly unknown[]): SchemaIssue[] {
  const names = new Set<string>();
  return tools.flatMap((tool, i): SchemaIssue[] => {
    if (!isRecord(tool) || typeof tool.name !== "string" || !isRecord(tool.parameters)) {
      const message = `tools[${i}] must be {"name": …, "parameters": {…}}, got ${shown(tool)}`;
      return [{ path: ["tools", i], message }];
    }
    if (names.has(tool.name)) {
      return [{ path: ["tools", i, "name"], message: `tools[${i}] is a second ${shown(tool.name)}` }];
    }
    names.add(tool.name);
    return [];
  });
}

function findProblem(expected: unknown): string | undefined {
  if (Array.isArray(expected)) return undefined;
  if (typeof expected !== "string") return `a list of calls, or one as JSON text, got ${shown(expected)}`;
  const reading = parseJson(expected);
  if (reading.kind === "value") return undefined;
  return `JSON: ${reading.problem}, at character ${reading.at + 1} of ${shown(expected)}`;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
