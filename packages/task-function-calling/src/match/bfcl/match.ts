/**
 * Checks calls as the Berkeley Function-Calling Leaderboard does (v4, AST categories, Python). The README lists its
 * rules, and where this deliberately differs.
 * @see https://github.com/ShishirPatil/gorilla/blob/6ea5797/berkeley-function-call-leaderboard/bfcl_eval/eval_checker/ast_eval/ast_checker.py
 */
import type { ToolDefinition } from "@rrr/core";
import type { Call } from "../../call.ts";
import type { Fail, FunctionCallFailCode } from "../../fail.ts";
import type { JsonObject } from "../../json/json.ts";
import { quote } from "../../quote.ts";
import type { AcceptedCall } from "./accepted.ts";
import { accepts, subschema } from "./accepts.ts";
import { findTool } from "./find-tool.ts";
import { pairUp } from "./pair-up.ts";

/**
 * Why these calls are not the accepted ones, in whatever order; undefined if they are. The detail never tells an
 * accepted value: a model may get to read it.
 */
export function matchBfcl(
  calls: readonly Call[],
  accepted: readonly AcceptedCall[],
  tools: readonly ToolDefinition[],
): Fail | undefined {
  const read: ReadCall[] = [];
  for (const call of calls) {
    const tool = findTool(call.name, tools);
    if (tool === undefined) return failed("unknown-function", `no function ${quote(call.name)} is on offer`);
    read.push({ tool, arguments: call.arguments });
  }
  if (calls.length !== accepted.length) {
    return failed("wrong-count", `${calls.length} calls where ${accepted.length} are wanted`);
  }
  const partners = pairUp(read, accepted, (call, answer) => findProblem(call, answer) === undefined);
  return partners.includes(undefined) ? explain(read, accepted, partners) : undefined;
}

/** A call with the tool that it names. */
interface ReadCall {
  readonly tool: ToolDefinition;
  readonly arguments: JsonObject;
}

/** What is wrong with the first call that has no partner: with its arguments, if its function is still wanted. */
function explain(
  calls: readonly ReadCall[],
  accepted: readonly AcceptedCall[],
  partners: readonly (number | undefined)[],
): Fail {
  const at = calls.findIndex((_, i) => !partners.includes(i));
  const call = calls[at] as ReadCall;
  const place = `call ${at + 1}, ${quote(call.tool.name)}`;
  const answer = accepted.find(({ name }, i) => partners[i] === undefined && name === call.tool.name);
  if (answer === undefined) return failed("wrong-count", `${place}: another function is wanted`);
  return failed("wrong-arguments", `${place}: ${findProblem(call, answer)}`);
}

function findProblem({ tool, arguments: given }: ReadCall, answer: AcceptedCall): string | undefined {
  if (tool.name !== answer.name) return "another function is wanted";
  for (const [key, value] of given) {
    const alternatives = answer.arguments.get(key);
    if (alternatives === undefined) return `argument ${quote(key)} is not wanted`;
    const schema = subschema(subschema(tool.parameters, "properties"), key);
    if (!accepts(alternatives, value, schema)) return `argument ${quote(key)} has a wrong value`;
  }
  for (const [key, alternatives] of answer.arguments) {
    if (given.has(key) || (alternatives.includes("") && !isRequired(tool, key))) continue;
    return `argument ${quote(key)} is missing`;
  }
  return undefined;
}

/** Whether a tool's schema requires an argument. */
export function isRequired({ parameters }: ToolDefinition, key: string): boolean {
  return Array.isArray(parameters.required) && parameters.required.includes(key);
}

function failed(code: FunctionCallFailCode, detail: string): Fail {
  return { kind: "fail", code, detail };
}
