import { RrrError } from "@rrr/core";
import { show } from "./show.ts";

type Json = Readonly<Record<string, unknown>>;

/** The largest vocabulary in use has 262,144 tokens. Ids are indices of arrays, so a large one costs memory. */
const MAX_ID = 2 ** 20;
/** Characters of all added tokens, or of a unigram model's: each may become a node of a tree. */
const MAX_TREE = 3_000_000;
const MAX_PATTERN = 10_000;
/** What normalizers and the like put in the place of a match is a character or two. */
const MAX_INSERTED = 64;
/** Fields that hold what is put in. */
const INSERTED = new Set(["content", "replacement", "prepend", "str_rep", "prefix", "suffix"]);

/**
 * What the library that runs a tokenizer takes on trust: ids that make no gigabytes of array, merges of tokens that
 * there are, steps that end and do not blow a text up.
 * @throws bad-model
 */
export function checkTokenizerJson({ model, added_tokens: added, ...json }: Json): void {
  if (!isObject(model)) throw bad("there is no model");
  const ids = new Map(entriesOf(model.vocab).map(([token, id]) => [token, checkedId(token, id)]));
  if (new Set(ids.values()).size < ids.size) throw bad("two tokens of the vocabulary have the same id");
  if (added !== undefined && !Array.isArray(added)) throw bad("added_tokens is not a list");
  let characters = Array.isArray(model.vocab) ? [...ids.keys()].join("").length : 0;
  for (const token of added ?? []) {
    if (!isObject(token) || typeof token.content !== "string") throw bad("an added token has no content");
    ids.set(token.content, checkedId(token.content, token.id));
    characters += token.content.length;
  }
  if (characters > MAX_TREE) throw bad(`its tokens have ${characters} characters`);
  if (model.type === "BPE" || model.merges !== undefined) checkMerges(model, ids);
  if (typeof model.unk_token === "string" && !ids.has(model.unk_token)) {
    throw bad(`the token for what is unknown, ${show(model.unk_token)}, is not in the vocabulary`);
  }
  for (const part of ["normalizer", "pre_tokenizer", "decoder"] as const) {
    if (growth(part, json[part]) > MAX_INSERTED) throw bad(`its ${part} makes texts far longer`);
  }
}

/** A vocabulary is `{token: id}`, or, of a unigram model, a list of `[token, score]`. */
function entriesOf(vocab: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(vocab)) {
    return vocab.map((entry: unknown, id) => {
      if (Array.isArray(entry) && typeof entry[0] === "string" && Number.isFinite(entry[1]))
        return [entry[0], id];
      throw bad(`token ${id} of the vocabulary is not [text, score]`);
    });
  }
  if (isObject(vocab)) return Object.entries(vocab);
  throw bad("the model has no vocabulary");
}

function checkedId(token: string, id: unknown): number {
  if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < MAX_ID) return id as number;
  throw bad(`token ${show(token)} has the id ${show(id)}, not a whole number below ${MAX_ID}`);
}

/** As the reference implementation does: a merge is of two tokens, to a third. */
function checkMerges(
  { merges, continuing_subword_prefix: prefix }: Json,
  ids: ReadonlyMap<string, number>,
): void {
  if (!Array.isArray(merges)) throw bad("the model has no list of merges");
  for (const [rank, merge] of merges.entries()) {
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    if (!Array.isArray(pair) || pair.length !== 2)
      throw bad(`merge ${rank} is ${show(merge)}, not two tokens`);
    const [left, right] = pair as readonly string[];
    const merged = prefix ? undefined : `${left}${right}`;
    const missing = [left, right, merged].find((token) => token !== undefined && !ids.has(token));
    if (missing !== undefined)
      throw bad(`merge ${rank} is of ${show(missing)}, which is not in the vocabulary`);
  }
}

/** How many times longer a step and the steps within it can make a text. */
function growth(part: string, step: unknown): number {
  if (Array.isArray(step)) return step.reduce((product: number, each) => product * growth(part, each), 1);
  if (!isObject(step)) return 1;
  if (step.type === "FixedLength" && !(Number.isInteger(step.length) && (step.length as number) > 0)) {
    throw bad(`its ${part} cuts texts into pieces of ${show(step.length)} characters`);
  }
  let product = 1;
  for (const [field, value] of Object.entries(step)) {
    if (typeof value !== "string") product *= growth(part, value);
    else if (INSERTED.has(field)) product *= Math.max(1, value.length);
    else if (field !== "precompiled_charsmap" && value.length > MAX_PATTERN) {
      throw bad(`its ${part} has a ${field} of ${value.length} characters`);
    }
  }
  return product;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(message: string): RrrError {
  return new RrrError("bad-model", `tokenizer.json: ${message}`, {
    hint: "Take tokenizer.json from where the weights are from.",
  });
}
