import { RrrError } from "@rrr/core";
import { isObject, type Json } from "./fields.ts";
import { show } from "./show.ts";

/**
 * What tokenizers are made of, as far as the library that runs them gives the ids that Python's gives: each is tested on
 * texts of all scripts. Not among them, with what differs: Unigram (which of several equally likely cuts is taken),
 * BertNormalizer and Lowercase (a sigma at a word's end), Precompiled (its table is not read).
 * @see ../../test/tokenizers.test.ts
 */
const SUPPORTED: Readonly<Record<"normalizer" | "pre_tokenizer" | "decoder", readonly string[]>> = {
  normalizer: ["Sequence", "NFC", "NFD", "NFKC", "NFKD", "Prepend", "Replace"],
  pre_tokenizer: ["Sequence", "ByteLevel", "Digits", "Metaspace", "Split"],
  decoder: ["Sequence", "ByteFallback", "ByteLevel", "Fuse", "Metaspace", "Replace", "Strip"],
};
/** How GPT-2 cuts a text into words. @see https://github.com/openai/gpt-2/blob/master/src/encoder.py */
const WORDS = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const BYTE = /^<0x[0-9A-F]{2}>$/;

/**
 * A tokenizer.json for the library that runs it: refused where that would give other ids than Python's tokenizers, and
 * rewritten where other words for the same make it give the same.
 * @throws bad-model
 */
export function agreeingTokenizer(json: Json): Json {
  const model = json.model as Json;
  const type = model.type ?? (model.merges === undefined ? undefined : "BPE");
  if (type !== "BPE") throw unlike("model", type, ["BPE"]);
  if (model.byte_fallback === true) refuseMergedBytes(model.merges as readonly unknown[]);
  for (const [part, supported] of Object.entries(SUPPORTED)) {
    for (const step of stepsOf(json[part])) {
      if (!supported.includes(step.type as string)) throw unlike(part, step.type, supported);
    }
  }
  stepsOf(json.pre_tokenizer).forEach(refuseSplits);
  return { ...json, pre_tokenizer: inPatterns(json.pre_tokenizer) };
}

/** A step and those within it. */
function stepsOf(step: unknown): readonly Json[] {
  if (!isObject(step)) return [];
  const inner = step.normalizers ?? step.pretokenizers ?? step.decoders;
  return [step, ...(Array.isArray(inner) ? inner.flatMap(stepsOf) : [])];
}

/**
 * Where the library reads `Digits` as 0 to 9 alone, and as a space what is none (U+FEFF) and not what is one (U+0085),
 * a pattern says what is meant: in patterns it has both right.
 */
function inPatterns(step: unknown): unknown {
  if (!isObject(step)) return step;
  if (Array.isArray(step.pretokenizers))
    return { ...step, pretokenizers: step.pretokenizers.map(inPatterns) };
  if (step.type === "Digits") return isolating(step.individual_digits === true ? "\\p{N}" : "\\p{N}+");
  if (step.type !== "ByteLevel" || step.use_regex === false) return step;
  return { type: "Sequence", pretokenizers: [isolating(WORDS), { ...step, use_regex: false }] };
}

function isolating(Regex: string): Json {
  return { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false };
}

function refuseSplits(step: Json): void {
  if (step.type === "ByteLevel" && step.use_regex !== false && step.add_prefix_space !== false) {
    throw bad("its pre_tokenizer ByteLevel has an add_prefix_space, which is not supported");
  }
  if (step.type !== "Split") return;
  const how = `${step.behavior}${step.invert === true ? ", inverted" : ""}`;
  const supported = ["Isolated", "Removed, inverted"];
  if (!supported.includes(how)) throw unlike("pre_tokenizer Split", how, supported);
}

/** Python merges bytes like other tokens, the library writes them when all is merged. No model's merges have any. */
function refuseMergedBytes(merges: readonly unknown[]): void {
  const merged = merges.find((merge) => {
    const pair = typeof merge === "string" ? merge.split(" ") : (merge as readonly string[]);
    return pair.some((token) => BYTE.test(token));
  });
  if (merged !== undefined) throw bad(`its merge ${show(merged)} is of a byte, which is not supported`);
}

function unlike(part: string, type: unknown, supported: readonly string[]): RrrError {
  return bad(`its ${part} ${show(type)} is not supported (supported: ${supported.join(", ")})`);
}

function bad(message: string): RrrError {
  return new RrrError("bad-model", `tokenizer.json: ${message}`, {
    hint: "Other tokenizers would give other tokens here than those that the model was trained with: choose another model.",
  });
}
