import type { Call } from "../call.ts";
import type { Fail, FunctionCallFailCode } from "../fail.ts";
import type { Json } from "../json/json.ts";
import { sameJson } from "../json/same-json.ts";
import { quote } from "../quote.ts";
import type { PreparedTool } from "../schema/prepare-tools.ts";

/**
 * Why these calls are not the expected ones, in whatever order; undefined if they are. Arguments at their declared
 * default count the same whether written or left out. The detail never tells an expected value.
 */
export function matchExact(
  calls: readonly Call[],
  expected: readonly Call[],
  tools: ReadonlyMap<string, PreparedTool>,
): Fail | undefined {
  const foreign = calls.find(({ name }) => !tools.has(name));
  if (foreign !== undefined) {
    return failed("unknown-function", `no function ${quote(foreign.name)} is on offer`);
  }
  if (calls.length !== expected.length) {
    return failed("wrong-count", `${calls.length} calls where ${expected.length} are wanted`);
  }
  const left = [...expected];
  const unmatched = calls.filter((call) => {
    const at = left.findIndex((wanted) => findDifference(call, wanted, tools) === undefined);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const [wrong] = unmatched;
  return wrong && explain(wrong, calls.indexOf(wrong) + 1, left, tools);
}

function explain(
  call: Call,
  number: number,
  left: readonly Call[],
  tools: ReadonlyMap<string, PreparedTool>,
): Fail {
  const place = `call ${number}, ${quote(call.name)}`;
  const wanted = left.find(({ name }) => name === call.name);
  if (wanted === undefined) return failed("wrong-count", `${place}: another function is wanted`);
  return failed("wrong-arguments", `${place}: ${findDifference(call, wanted, tools)}`);
}

function findDifference(
  call: Call,
  wanted: Call,
  tools: ReadonlyMap<string, PreparedTool>,
): string | undefined {
  if (call.name !== wanted.name) return "another function is wanted";
  const { defaults = new Map<string, Json>() } = tools.get(call.name) ?? {};
  for (const [name, value] of call.arguments) {
    const right = wanted.arguments.has(name) ? wanted.arguments.get(name) : defaults.get(name);
    if (right === undefined) return `argument ${quote(name)} is not wanted`;
    if (!sameJson(value, right)) return `argument ${quote(name)} has a wrong value`;
  }
  for (const [name, value] of wanted.arguments) {
    const given = call.arguments.has(name) ? value : defaults.get(name);
    if (given === undefined || !sameJson(value, given)) return `argument ${quote(name)} is missing`;
  }
  return undefined;
}

function failed(code: FunctionCallFailCode, detail: string): Fail {
  return { kind: "fail", code, detail };
}
