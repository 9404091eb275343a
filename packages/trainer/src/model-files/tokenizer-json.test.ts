import { describe, expect, test } from "vitest";
import { microTextFiles } from "../testing/micro-model.ts";
import { createTokenizer } from "./tokenizer.ts";

type Json = Record<string, unknown>;
const micro = JSON.parse(microTextFiles().get("tokenizer.json") ?? "");
const withModel = (changes: Json) => ({ ...micro, model: { ...micro.model, ...changes } });
const create = (json: Json) =>
  createTokenizer(new Map([...microTextFiles(), ["tokenizer.json", JSON.stringify(json)] as const]));

describe("a tokenizer is refused at once, for", () => {
  test.each<[string, Json, string]>([
    ["a huge id", withModel({ vocab: { ...micro.model.vocab, zz: 2 ** 31 } }), "the id 2147483648"],
    ["a negative id", withModel({ vocab: { ...micro.model.vocab, zz: -1 } }), "the id -1"],
    ["an id that is no number", withModel({ vocab: { ...micro.model.vocab, zz: "7" } }), 'the id "7"'],
    ["an id of two tokens", withModel({ vocab: { ...micro.model.vocab, zz: 7 } }), "the same id"],
    [
      "an added token with a huge id",
      { ...micro, added_tokens: [{ id: 2 ** 31, content: "x", special: true }] },
      "the id 2147483648",
    ],
    ["an added token without a text", { ...micro, added_tokens: [{ id: 1 }] }, "no content"],
    [
      "an added token that is a book",
      { ...micro, added_tokens: [{ id: 1, content: "x".repeat(4e6) }] },
      "4000000 characters",
    ],
    ["no vocabulary", withModel({ vocab: undefined }), "no vocabulary"],
    [
      "a text that comes to nothing",
      {
        ...micro,
        pre_tokenizer: { type: "Split", pattern: { Regex: "_" }, behavior: "Removed", invert: true },
      },
      "nothing of a text",
    ],
    ["no merges", withModel({ merges: undefined }), "no list of merges"],
    ["a merge of one", withModel({ merges: ["ab"] }), "merge 0"],
    ["a merge of nothing known", withModel({ merges: ["a b"] }), '"ab", which is not in the vocabulary'],
    ["an unknown token that is unknown", withModel({ unk_token: "<nope>" }), '"<nope>"'],
    ["pieces of no length", { ...micro, pre_tokenizer: { type: "FixedLength", length: 0 } }, "0 characters"],
    [
      "pieces of no length, deeper",
      { ...micro, pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "FixedLength", length: -3 }] } },
      "-3 characters",
    ],
    [
      "texts that grow",
      { ...micro, normalizer: { type: "Replace", pattern: { Regex: "" }, content: "x".repeat(1000) } },
      "far longer",
    ],
    [
      "texts that grow step by step",
      {
        ...micro,
        normalizer: {
          type: "Sequence",
          normalizers: Array(9).fill({ type: "Replace", pattern: { String: "a" }, content: "aa" }),
        },
      },
      "far longer",
    ],
    [
      "a pattern without end",
      {
        ...micro,
        pre_tokenizer: { type: "Split", pattern: { Regex: "a?".repeat(1e5) }, behavior: "Isolated" },
      },
      "200000 characters",
    ],
  ])("%s", (_, json, message) => {
    const started = performance.now();
    expect(() => create(json)).toThrow(
      expect.objectContaining({ code: "bad-model", message: expect.stringContaining(message) }),
    );
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test("a pattern that backtracks without end is stopped", { timeout: 30_000 }, () => {
  const pre_tokenizer = { type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated" };
  const tokenizer = create({ ...micro, pre_tokenizer });
  expect(() => tokenizer.encode(`${"a".repeat(50)}b`)).toThrow(
    expect.objectContaining({
      code: "bad-model",
      message: expect.stringContaining("does not come to an end"),
    }),
  );
  expect([...tokenizer.encode("ab")]).toHaveLength(2);
});

test("an id of a gap in the vocabulary has no text, and no text has such an id", () => {
  const tokenizer = create(withModel({ vocab: { ...micro.model.vocab, zz: 60 } }));
  expect(tokenizer.decode(Int32Array.of(50, 60, 55))).toBe("zz");
});

test("thousands of merges cost milliseconds", () => {
  const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
  const pairs = letters.flatMap((left) => letters.map((right) => [left, right] as const));
  const words = pairs.map(([left, right]) => left + right);
  const longer = words
    .slice(0, 1000)
    .flatMap((word) => letters.slice(0, 5).map((letter) => [word, letter] as const));
  const vocab = { ...micro.model.vocab };
  for (const word of [...words, ...longer.map((pair) => pair.join(""))])
    vocab[word] = Object.keys(vocab).length;
  const tokenizer = create(withModel({ vocab, merges: [...pairs, ...longer] }));
  const started = performance.now();
  const text = "abcabcabc0123".repeat(500);
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  expect(performance.now() - started).toBeLessThan(2000);
});
