import { RrrError } from "@rrr/core";
import type { FunctionCallItem } from "../item.ts";
import type { Json } from "../json/json.ts";
import { parseJson } from "../json/parse-json.ts";
import { STRICT, toCalls } from "../read/call-shape.ts";
import { type LoadOptions, unlessBad } from "./bad-rows.ts";
import { checkItem } from "./check-item.ts";
import { textField, toTools } from "./fields.ts";
import { toJsonText } from "./json-text.ts";
import { type Row, readRows } from "./read-rows.ts";

/**
 * The rows of `xlam_function_calling_60k.json`, or of JSON Lines with its fields: `query`, `tools` and `answers`, the
 * latter two as JSON or as JSON in a string. `expected` is taken for `answers`, so that an item's own fields do too.
 * @throws RrrError `bad-item` naming the line, `bad-argument` for a file that cannot be read
 * @see https://huggingface.co/datasets/Salesforce/xlam-function-calling-60k
 */
export async function* loadXlam(
  path: string,
  options: LoadOptions = {},
): AsyncGenerator<FunctionCallItem, void> {
  for await (const row of readRows(path, options)) {
    const item = unlessBad(() => checkItem(toItem(row), "exact", row.place), options);
    if (item !== undefined) yield item;
  }
}

function toItem(row: Row): FunctionCallItem {
  const tools = toTools(embedded(row, "tools"), `${row.place}: tools`);
  const field = row.fields.has("answers") ? "answers" : "expected";
  const answers = embedded(row, field);
  const reading = toCalls(answers, STRICT);
  if (reading.kind === "malformed") {
    throw new RrrError("bad-item", `${row.place}: ${field}: ${reading.problem}`);
  }
  return { query: textField(row, "query"), tools, expected: toJsonText(answers) };
}

/** The value of a field that holds JSON, or JSON in a string. */
function embedded({ fields, place }: Row, name: string): Json {
  const value = fields.get(name);
  if (value === undefined) throw new RrrError("bad-item", `${place}: the field ${name} is missing`);
  if (typeof value !== "string") return value;
  const reading = parseJson(value);
  if (reading.kind === "value") return reading.value;
  throw new RrrError(
    "bad-item",
    `${place}: ${name} is no JSON: ${reading.problem}, at character ${reading.at + 1}`,
  );
}
