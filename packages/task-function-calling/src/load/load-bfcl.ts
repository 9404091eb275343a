import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import type { FunctionCallItem } from "../item.ts";
import { describeJson, isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { parseAccepted } from "../match/bfcl/accepted.ts";
import { textField, toTools } from "./fields.ts";
import { toJsonText } from "./json-text.ts";
import { type Row, readRows } from "./read-rows.ts";

/** Of a folder, the categories that are checked by comparing calls as Python; others ask for something else. */
const CATEGORY = /^BFCL_v\d+_(live_)?(simple|simple_python|multiple|parallel|parallel_multiple)\.json$/;

/**
 * The questions of one file of the Berkeley Function-Calling Leaderboard, or of each in a folder, with the accepted
 * answers that lie under the same name in `possible_answer/`.
 * @throws RrrError `bad-item` naming the line, `bad-argument` for a path that cannot be read or holds no such files.
 * @see https://github.com/ShishirPatil/gorilla/tree/6ea5797/berkeley-function-call-leaderboard/bfcl_eval/data
 */
export async function* loadBfcl(path: string): AsyncGenerator<FunctionCallItem, void> {
  for (const file of await questionFiles(path)) {
    // The answers are a few hundred kilobytes at most, and in no order that is promised.
    const answers = await readAnswers(join(dirname(file), "possible_answer", basename(file)));
    for await (const row of readRows(file)) {
      const id = textField(row, "id");
      const expected = answers.get(id);
      if (expected === undefined)
        throw new RrrError("bad-item", `${row.place}: no accepted answer for ${id}`);
      const tools = toTools(row.fields.get("function"), `${row.place}: function`);
      yield { query: readQuestion(row), tools, expected };
    }
  }
}

async function questionFiles(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => CATEGORY.test(name)).toSorted();
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch (cause) {
    throw new RrrError("bad-argument", `cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
  throw new RrrError("bad-argument", `${path} has no question files of BFCL`, {
    hint: "They are called BFCL_v4_simple_python.json, BFCL_v4_parallel.json and so on.",
  });
}

/** JSON text of the accepted answers, by the question's id. */
async function readAnswers(path: string): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  for await (const row of readRows(path)) {
    const id = textField(row, "id");
    if (answers.has(id)) throw new RrrError("bad-item", `${row.place}: ${id} a second time`);
    answers.set(id, readGroundTruth(row));
  }
  return answers;
}

function readGroundTruth({ fields, place }: Row): string {
  const groundTruth = fields.get("ground_truth");
  const text = groundTruth === undefined ? "" : toJsonText(groundTruth);
  try {
    parseAccepted(text);
  } catch (cause) {
    throw new RrrError("bad-item", `${place}: ${messageOf(cause)}`, { cause });
  }
  return text;
}

/** The text of a question of one turn, `[[{role, content}]]`; what the system says stands before it. */
function readQuestion({ fields, place }: Row): string {
  const turns = fields.get("question");
  if (!isJsonArray(turns)) {
    throw new RrrError("bad-item", `${place}: question must be a list of turns, got ${describeJson(turns)}`);
  }
  const [turn] = turns;
  if (turns.length !== 1 || !isJsonArray(turn)) {
    throw new RrrError(
      "bad-item",
      `${place}: ${turns.length} turns, only questions of one turn can be asked`,
    );
  }
  const messages = turn.map(readMessage);
  const roles = messages.map((message) => message?.role).join();
  if (!/^(system,)?user$/.test(roles)) {
    throw new RrrError(
      "bad-item",
      `${place}: a turn must be one message of the user, maybe one of the system before it`,
    );
  }
  return messages.map((message) => message?.content).join("\n\n");
}

function readMessage(message: Json): { readonly role: string; readonly content: string } | undefined {
  if (!isJsonObject(message)) return undefined;
  const role = message.get("role");
  const content = message.get("content");
  return typeof role === "string" && typeof content === "string" ? { role, content } : undefined;
}
