import { messageOf, RrrError } from "@rrr/core";
import { type FunctionCallItem, functionCallSchema } from "../item.ts";
import { parseAccepted } from "../match/bfcl/accepted.ts";
import { readExpected } from "../match/read-expected.ts";
import { quote } from "../quote.ts";
import { prepareTools } from "../schema/prepare-tools.ts";
import type { VerifyMode } from "../verify.ts";

/**
 * The item, if its tools and its expected calls fit together.
 * @throws RrrError `bad-item` naming the place: tools of the same name, expected calls of none of them, a schema to
 *   check nothing by
 */
export function checkItem(item: FunctionCallItem, mode: VerifyMode, place: string): FunctionCallItem {
  try {
    const result = functionCallSchema["~standard"].validate(item);
    const issue = "issues" in result ? result.issues?.[0] : undefined;
    if (issue !== undefined) throw new RrrError("bad-item", issue.message);
    const tools = prepareTools(item.tools);
    const calls = mode === "bfcl" ? parseAccepted(item.expected) : readExpected(item);
    const foreign = calls.find(({ name }) => !tools.has(name));
    if (foreign === undefined) return item;
    throw new RrrError("bad-item", `expected calls ${quote(foreign.name)}, which is none of the tools`);
  } catch (cause) {
    if (!RrrError.is(cause, "bad-item")) throw cause;
    throw new RrrError("bad-item", `${place}: ${messageOf(cause)}`, { cause });
  }
}
