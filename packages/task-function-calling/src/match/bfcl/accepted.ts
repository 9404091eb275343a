import { messageOf, RrrError } from "@rrr/core";
import { describeJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json/json.ts";
import { parseJson } from "../../json/parse-json.ts";
import { fromPlain } from "../../json/plain.ts";

/** A call as BFCL accepts it. */
export interface AcceptedCall {
  readonly name: string;
  /** For each argument the values it may have; `""` among them says that it may be left out. */
  readonly arguments: ReadonlyMap<string, readonly Json[]>;
}

/** So that a verdict stays cheap: pairing costs up to the cube of this. The published rows have up to eight. */
const MAX_CALLS = 64;

/**
 * Reads BFCL's `ground_truth`, `[{"f": {"x": [1, 2], "unit": ["m", ""]}}]`.
 * @param groundTruth JSON text, which keeps integers beyond 2^53, or the value.
 * @throws RrrError `bad-item` for anything else.
 */
export function parseAccepted(groundTruth: unknown): readonly AcceptedCall[] {
  const calls = toJson(groundTruth);
  if (!isJsonArray(calls)) throw malformed("must be a list of calls", calls);
  if (calls.length > MAX_CALLS) {
    throw new RrrError(
      "bad-item",
      `ground_truth has ${calls.length} calls, at most ${MAX_CALLS} are possible`,
    );
  }
  return calls.map(toAcceptedCall);
}

function toJson(groundTruth: unknown): Json {
  if (typeof groundTruth !== "string") {
    try {
      return fromPlain(groundTruth);
    } catch (cause) {
      throw new RrrError("bad-item", `ground_truth is ${messageOf(cause)}`, { cause });
    }
  }
  const reading = parseJson(groundTruth);
  if (reading.kind === "value") return reading.value;
  throw new RrrError(
    "bad-item",
    `ground_truth is no JSON: ${reading.problem}, at character ${reading.at + 1}`,
  );
}

function toAcceptedCall(call: Json, i: number): AcceptedCall {
  const [entry, ...more] = isJsonObject(call) ? call : [];
  if (entry === undefined || more.length > 0) {
    throw malformed('must be {"function": {"argument": [alternatives]}}', call, `[${i}]`);
  }
  const [name, given] = entry;
  if (!isJsonObject(given)) throw malformed("must be an object of arguments", given, `[${i}].${name}`);
  for (const [key, alternatives] of given) {
    if (isJsonArray(alternatives)) continue;
    throw malformed("must be a list of alternatives", alternatives, `[${i}].${name}.${key}`);
  }
  return { name, arguments: given as ReadonlyMap<string, readonly Json[]> };
}

/** Whether a dict of an accepted answer lists alternatives for each key, as arguments do, or is a plain value. */
export function listsAlternatives(dict: JsonObject): dict is ReadonlyMap<string, readonly Json[]> {
  return [...dict.values()].every(isJsonArray);
}

function malformed(wanted: string, got: Json, place = ""): RrrError {
  return new RrrError("bad-item", `ground_truth${place} ${wanted}, got ${describeJson(got)}`);
}
