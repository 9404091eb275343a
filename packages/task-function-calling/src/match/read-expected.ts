import { RrrError } from "@rrr/core";
import type { Call } from "../call.ts";
import type { FunctionCallItem } from "../item.ts";
import type { Json } from "../json/json.ts";
import { parseJson } from "../json/parse-json.ts";
import { fromPlain } from "../json/plain.ts";
import { STRICT, toCalls } from "../read/call-shape.ts";

/**
 * An item's right calls, in any shape that an output may have.
 * @throws RrrError `bad-item` where they are malformed.
 */
export function readExpected({ expected }: Pick<FunctionCallItem, "expected">): readonly Call[] {
  const list = toCalls(toJson(expected), STRICT);
  if (list.kind === "calls") return list.calls;
  throw new RrrError("bad-item", `expected: ${list.problem}`, {
    hint: 'Give a list of {"name": …, "arguments": {…}}; ground truth of BFCL needs the mode bfcl.',
  });
}

function toJson(expected: FunctionCallItem["expected"]): Json {
  if (typeof expected !== "string") return fromPlain(expected);
  const reading = parseJson(expected);
  if (reading.kind === "value") return reading.value;
  throw new RrrError("bad-item", `expected is no JSON: ${reading.problem}, at character ${reading.at + 1}`);
}
