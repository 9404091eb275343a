import { invalid, pass, RrrError, type ToolDefinition, type Verdict } from "@rrr/core";
import type { Call } from "./call.ts";
import type { Fail } from "./fail.ts";
import type { FunctionCallItem } from "./item.ts";
import { type AcceptedCall, parseAccepted } from "./match/bfcl/accepted.ts";
import { findTool } from "./match/bfcl/find-tool.ts";
import { matchByRules } from "./match/bfcl/match-by-rules.ts";
import { withPossibleValues } from "./match/bfcl/possible.ts";
import { matchExact } from "./match/match-exact.ts";
import { readExpected } from "./match/read-expected.ts";
import { once } from "./once.ts";
import { quote } from "./quote.ts";
import { type ReadOptions, readCalls } from "./read/read-calls.ts";
import type { Format, Syntax } from "./read/syntax.ts";
import { findViolation } from "./schema/find-violation.ts";
import { type PreparedTool, prepareTools } from "./schema/prepare-tools.ts";
import { toolsShown } from "./tools-shown.ts";

export type VerifyMode = "exact" | "bfcl";

export interface VerifyOptions {
  /** `exact`: the expected calls and no others. `bfcl`: one of the accepted values for each argument. Default `exact`. */
  readonly mode?: VerifyMode;
  /** The syntax in which calls are read: a family of the README's table. Default `auto`: all of them. */
  readonly format?: Format;
}

/**
 * Whether a model's output makes the right calls. A broken item gives `invalid`, never a fail: its expected calls are
 * malformed or name a function that is not on offer, or a tool's schema is malformed or hostile.
 *
 * Items are read once: one that is changed afterwards keeps the verdicts of what it was. Make a new one instead.
 */
export function verifyFunctionCalls(
  item: FunctionCallItem,
  completion: string,
  { mode = "exact", format = "auto" }: VerifyOptions = {},
): Verdict {
  try {
    return judge(mode === "bfcl" ? asBfcl(item) : asExact(item), completion, format);
  } catch (error) {
    if (RrrError.is(error, "bad-item")) return invalid(error);
    throw error;
  }
}

/** What an output is held against. */
interface Judge {
  readonly wanted: readonly { readonly name: string }[];
  readonly tools: readonly ToolDefinition[];
  readonly prepared: ReadonlyMap<string, PreparedTool>;
  readonly match: (calls: readonly Call[]) => Fail | undefined;
  readonly reading: ReadOptions;
}

const asExact: (item: FunctionCallItem) => Judge = once((item) => {
  const { tools } = item;
  const [wanted, prepared] = [readExpected(item), prepareTools(tools)];
  const match = (calls: readonly Call[]): Fail | undefined =>
    matchExact(withOwnNames(calls, tools), wanted, prepared);
  const nameOf = (name: string): string | undefined => findTool(name, tools)?.name;
  return toJudge({ wanted, tools, prepared, match, reading: { tools, nameOf } });
});

const asBfcl: (item: FunctionCallItem) => Judge = once((item) => {
  const { tools, rules } = item;
  const accepted: readonly AcceptedCall[] = parseAccepted(item.expected).map((call) =>
    withPossibleValues(call, tools),
  );
  const shown = toolsShown(item);
  return toJudge({
    wanted: rules === "relevance" ? tools : accepted,
    tools,
    prepared: prepareTools(shown),
    match: (calls) => matchByRules(calls, accepted, item),
    reading: { tools: shown, wholePython: true, nameOf: (name) => findTool(name, tools)?.name },
  });
});

function toJudge(judge: Judge): Judge {
  const foreign = judge.wanted.find(({ name }) => !judge.prepared.has(name));
  if (foreign === undefined) return judge;
  throw new RrrError("bad-item", `expected calls ${quote(foreign.name)}, which is none of the tools`);
}

function judge(judged: Judge, completion: string, format: Format): Verdict {
  const { wanted, tools, prepared, match } = judged;
  const reading = readCalls(completion, { ...judged.reading, format });
  const silent = reading.kind === "calls" ? reading.calls.length === 0 : reading.code === "no-call";
  if (silent && wanted.length === 0) return pass();
  if (reading.kind === "fail") return toFail(reading, reading.syntax);
  if (silent) return { kind: "fail", code: "no-call", detail: "an empty list of calls" };
  const mismatch = match(reading.calls);
  if (mismatch === undefined) return pass();
  if (mismatch.code === "unknown-function") return toFail(mismatch, reading.syntax);
  return toFail(findSchemaFail(reading.calls, tools, prepared) ?? mismatch, reading.syntax);
}

/** Names the syntax in which the calls were read, where that was not plain JSON. */
function toFail({ kind, code, detail }: Fail, syntax: Syntax = "json"): Fail {
  return { kind, code, detail: syntax === "json" ? detail : `${detail} (read as ${syntax})` };
}

/** Calls by the tools' own names, where a model wrote those that servers accept. */
function withOwnNames(calls: readonly Call[], tools: readonly ToolDefinition[]): readonly Call[] {
  return calls.map((call) => ({ ...call, name: findTool(call.name, tools)?.name ?? call.name }));
}

/** Of calls that are not the right ones: the first that even its tool's schema forbids. */
function findSchemaFail(
  calls: readonly Call[],
  tools: readonly ToolDefinition[],
  prepared: ReadonlyMap<string, PreparedTool>,
): Fail | undefined {
  for (const [i, call] of calls.entries()) {
    const tool = prepared.get(findTool(call.name, tools)?.name ?? "");
    const violation = tool && findViolation(tool, call.arguments);
    if (violation === undefined) continue;
    return { kind: "fail", code: "schema", detail: `call ${i + 1}, ${quote(call.name)}: ${violation}` };
  }
  return undefined;
}
