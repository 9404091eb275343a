/** Tokenizers of each kind against Python's tokenizers on 1,000 texts of all scripts: see golden/make-tokenizers.py. */
import { readFileSync } from "node:fs";
import { createTokenizer, type TextFiles } from "@rrr/trainer";
import { microTextFiles } from "@rrr/trainer/testing";
import { expect, test } from "vitest";

interface Kind {
  readonly tokenizer: Readonly<Record<string, unknown>>;
  /** Checksums, a text each: of the ids, and of the text that they are decoded to. */
  readonly ids: readonly number[];
  readonly texts: readonly number[];
}

const golden: { readonly text: number; readonly kinds: Readonly<Record<string, Kind>> } = JSON.parse(
  readFileSync(new URL("./golden/tokenizers.json", import.meta.url), "utf8"),
);
const script = readFileSync(new URL("./golden/make-tokenizers.py", import.meta.url), "utf8");

/** A list as it stands in the script. */
function listOf(name: string): string {
  return script.match(new RegExp(`^${name} = \\[\\n?([^]*?)\\]$`, "m"))?.[1] as string;
}

const RANGES = [...listOf("RANGES").matchAll(/\((0x\w+), (\d+)\)/g)].map(
  ([, first, count]) => [Number(first), Number(count)] as const,
);
const stringsIn = (list: string): string[] =>
  [...list.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(([, double, single]) =>
    single === undefined ? JSON.parse(`"${double}"`) : single,
  );
const BETWEEN = stringsIn(listOf("BETWEEN"));
const WORDS = stringsIn(listOf("WORDS"));

function mixed(...keys: readonly number[]): number {
  return keys.reduce((hash, key) => {
    let x = Math.imul(hash ^ key, 0x85ebca6b) >>> 0;
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
    return (x ^ (x >>> 16)) >>> 0;
  }, 2166136261);
}

function textOf(number: number): string {
  let text = "";
  for (let part = 0; part < 1 + (mixed(number, 0) % 12); part++) {
    const kind = mixed(number, 1, part) % 8;
    if (kind === 0) {
      text += mixed(number, 2, part) % 10 ** (1 + (mixed(number, 3, part) % 9));
    } else if (kind <= 2) {
      text += WORDS[mixed(number, 4, part) % WORDS.length];
    } else {
      const [first, count] = RANGES[mixed(number, 5, part) % RANGES.length] as readonly [number, number];
      const length = 1 + (mixed(number, 6, part) % 7);
      for (let i = 0; i < length; i++)
        text += String.fromCodePoint(first + (mixed(number, 7, part, i) % count));
    }
    text += BETWEEN[mixed(number, 8, part) % BETWEEN.length];
  }
  return text;
}

function checksum(values: Iterable<number> | ArrayLike<number>): number {
  let x = 2166136261;
  for (const value of Array.from(values)) x = Math.imul(x ^ value, 16777619) >>> 0;
  return x;
}

const codePoints = (text: string): number[] =>
  Array.from(text, (character) => character.codePointAt(0) as number);
const texts = Array.from({ length: 1000 }, (_, number) => textOf(number));

function filesOf({ tokenizer }: Kind): TextFiles {
  const template = "{% for message in messages %}{{ message.content }}{% endfor %}";
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: "<|end|>",
    chat_template: template,
  };
  return new Map([
    ...microTextFiles(),
    ["tokenizer.json", JSON.stringify(tokenizer)],
    ["tokenizer_config.json", JSON.stringify(config)],
  ] as const);
}

test("the texts are those of the script", () => {
  expect(checksum(codePoints(texts.join("")))).toBe(golden.text);
});

test.each(Object.entries(golden.kinds))("%s: the same ids, and the same text of them", (_, kind) => {
  const tokenizer = createTokenizer(filesOf(kind));
  const ids = texts.map((text) => tokenizer.encode(text));
  expect(texts.filter((_, i) => checksum(ids[i] ?? []) !== kind.ids[i])).toEqual([]);
  const decoded = ids.map((each) => tokenizer.decode(each));
  expect(decoded.filter((text, i) => checksum(codePoints(text)) !== kind.texts[i])).toEqual([]);
});

const [anyKind] = Object.values(golden.kinds) as [Kind];
const model = anyKind.tokenizer.model as Readonly<Record<string, unknown>>;

test.each([
  ["Unigram", { model: { type: "Unigram", unk_id: 0, vocab: [["a", 0]] } }, 'model "Unigram"'],
  [
    "WordPiece",
    { model: { type: "WordPiece", unk_token: "a", vocab: { a: 0 }, continuing_subword_prefix: "##" } },
    'model "WordPiece"',
  ],
  ["Lowercase", { normalizer: { type: "Lowercase" } }, 'normalizer "Lowercase"'],
  [
    "Precompiled, in a sequence",
    { normalizer: { type: "Sequence", normalizers: [{ type: "Precompiled", precompiled_charsmap: "" }] } },
    'normalizer "Precompiled"',
  ],
  ["UnicodeScripts", { pre_tokenizer: { type: "UnicodeScripts" } }, 'pre_tokenizer "UnicodeScripts"'],
  [
    "cuts that go to the piece before",
    {
      pre_tokenizer: {
        type: "Split",
        pattern: { String: "a" },
        behavior: "MergedWithPrevious",
        invert: false,
      },
    },
    'Split "MergedWithPrevious"',
  ],
  [
    "a space before all",
    { pre_tokenizer: { type: "ByteLevel", add_prefix_space: true } },
    "add_prefix_space",
  ],
  ["a decoder of words", { decoder: { type: "WordPiece", prefix: "##" } }, 'decoder "WordPiece"'],
  [
    "merged bytes",
    {
      model: {
        ...model,
        byte_fallback: true,
        vocab: { "<0x41>": 0, B: 1, "<0x41>B": 2 },
        merges: ["<0x41> B"],
      },
    },
    "is of a byte",
  ],
])("%s would give other ids, and is refused", (_, changes, message) => {
  const files = filesOf({ ...anyKind, tokenizer: { ...anyKind.tokenizer, ...changes } });
  expect(() => createTokenizer(files)).toThrow(expect.objectContaining({ code: "bad-model" }));
  expect(() => createTokenizer(files)).toThrow(message);
});
