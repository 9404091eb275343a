import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import type { FunctionCallItem, ItemRules } from "../item.ts";
import { parseAccepted } from "../match/bfcl/accepted.ts";
import { type LoadOptions, unlessBad } from "./bad-rows.ts";
import { CATEGORIES, type CategoryRules, categoryOfFile, categoryOfId } from "./categories.ts";
import { checkItem } from "./check-item.ts";
import { textField, toTools } from "./fields.ts";
import { toJsonText } from "./json-text.ts";
import { readQuestion } from "./read-question.ts";
import { type Row, readRows } from "./read-rows.ts";

/**
 * The questions of one file of the Berkeley Function-Calling Leaderboard, or of each in a folder, with the accepted
 * answers that lie under the same name in `possible_answer/`. Questions of irrelevance and relevance have none.
 * @throws RrrError `bad-item` naming the line, `bad-argument` for a path that cannot be read, or holds no such files or
 *   none of one turn
 * @see https://github.com/ShishirPatil/gorilla/tree/6ea5797/berkeley-function-call-leaderboard/bfcl_eval/data
 */
export async function* loadBfcl(
  path: string,
  options: LoadOptions = {},
): AsyncGenerator<FunctionCallItem, void> {
  for (const file of await questionFiles(path)) {
    // The answers are a few hundred kilobytes at most, and in no order that is promised.
    let answers: Answers | undefined;
    for await (const row of readRows(file, options)) {
      const id = unlessBad(() => textField(row, "id"), options);
      if (id === undefined) continue;
      const category = categoryOfId(id) ?? categoryOfFile(basename(file));
      const rules = CATEGORIES.get(category ?? "") ?? "python";
      if (needsAnswer(rules)) {
        answers ??= await readAnswers(join(dirname(file), "possible_answer", basename(file)), options);
        if (answers.bad.has(id)) continue; // The answer's own row is the bad one, and was told.
      }
      const item = unlessBad(
        () => checkItem(toItem(row, { id, category, rules }, answers), "bfcl", row.place),
        options,
      );
      if (item !== undefined) yield item;
    }
  }
}

/** Files of a folder that the leaderboard has and that are not asked: those of several turns, with tools that run. */
export async function otherFiles(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [];
  const names = (await readdir(path)).toSorted();
  return names.filter((name) => categoryOfFile(name) !== undefined && !isAsked(name));
}

function isAsked(name: string): boolean {
  return CATEGORIES.has(categoryOfFile(name) ?? "");
}

async function questionFiles(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) {
      const category = categoryOfFile(basename(path));
      if (category === undefined || CATEGORIES.has(category)) return [path];
      throw new RrrError("bad-argument", `${path}: the category ${category} is not asked`, {
        hint: `These are, questions of one turn: ${[...CATEGORIES.keys()].join(", ")}.`,
      });
    }
    const names = (await readdir(path)).filter(isAsked).toSorted();
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-argument", `cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
  throw new RrrError("bad-argument", `${path} has no question files of BFCL`, {
    hint: "They are called BFCL_v4_simple_python.json, BFCL_v4_parallel.json and so on.",
  });
}

function needsAnswer(rules: CategoryRules): boolean {
  return rules !== "irrelevance" && rules !== "relevance";
}

function toItem(
  row: Row,
  {
    id,
    category,
    rules,
  }: { readonly id: string; readonly category: string | undefined; readonly rules: CategoryRules },
  answers: Answers | undefined,
): FunctionCallItem {
  const expected = needsAnswer(rules) ? answers?.texts.get(id) : "[]";
  if (expected === undefined) throw new RrrError("bad-item", `${row.place}: no accepted answer for ${id}`);
  const tools = toTools(row.fields.get("function"), `${row.place}: function`);
  return {
    ...readQuestion(row),
    tools,
    expected,
    id,
    ...(category !== undefined && { category }),
    ...(isItemRules(rules) && { rules }),
  };
}

function isItemRules(rules: CategoryRules): rules is ItemRules {
  return rules !== "python" && rules !== "irrelevance";
}

interface Answers {
  /** JSON text of the accepted answers, by the question's id. */
  readonly texts: ReadonlyMap<string, string>;
  /** Questions whose answer was left out as a bad row. */
  readonly bad: ReadonlySet<string>;
}

async function readAnswers(path: string, options: LoadOptions): Promise<Answers> {
  const texts = new Map<string, string>();
  const bad = new Set<string>();
  for await (const row of readRows(path, options)) {
    const id = unlessBad(() => textField(row, "id"), options);
    if (id === undefined) continue;
    const text = unlessBad(() => {
      if (texts.has(id)) throw new RrrError("bad-item", `${row.place}: ${id} a second time`);
      return readGroundTruth(row);
    }, options);
    if (text !== undefined) texts.set(id, text);
    else if (!texts.has(id)) bad.add(id);
  }
  return { texts, bad };
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
