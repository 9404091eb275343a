import type { Call } from "../../call.ts";
import type { Fail } from "../../fail.ts";
import type { FunctionCallItem } from "../../item.ts";
import { quote } from "../../quote.ts";
import type { AcceptedCall } from "./accepted.ts";
import { findTool } from "./find-tool.ts";
import { matchBfcl } from "./match.ts";
import { fromSource } from "./source/from-source.ts";

/** Why calls do not answer an item of the leaderboard, by the rules of its category; undefined if they do. */
export function matchByRules(
  calls: readonly Call[],
  accepted: readonly AcceptedCall[],
  { tools, rules }: Pick<FunctionCallItem, "tools" | "rules">,
): Fail | undefined {
  if (rules === undefined) return matchBfcl(calls, accepted, tools);
  const foreign = calls.find(({ name }) => findTool(name, tools) === undefined);
  if (foreign !== undefined) {
    const detail = `no function ${quote(foreign.name)} is on offer`;
    return { kind: "fail", code: "unknown-function", detail };
  }
  if (rules === "relevance") return undefined;
  const read = fromSource(calls, tools, rules);
  return "kind" in read ? read : matchBfcl(read, accepted, tools);
}
