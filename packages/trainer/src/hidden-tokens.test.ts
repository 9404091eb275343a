import { expect, test } from "vitest";
import { hiddenTokens } from "./hidden-tokens.ts";

/** Tokens by their number; bytes of a character that are not complete are shown as U+FFFD, as byte-level BPE does. */
function tokenizerOf(pieces: readonly (string | Uint8Array)[]) {
  const bytes = pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece));
  const decode = (ids: Int32Array): string =>
    Buffer.concat([...ids].map((id) => bytes[id] as Uint8Array)).toString("utf8");
  const ids = Int32Array.from(pieces, (_, id) => id);
  return { decode, ids, text: decode(ids) };
}

const [first, second, third, fourth] = Buffer.from("😀");
const byte = (value: number | undefined) => Uint8Array.of(value ?? 0);

test.each<[string, readonly (string | Uint8Array)[], string, number]>([
  ["nothing is hidden", ["I ", "forgot"], "", 0],
  ["everything is", ["<think>", "a"], "<think>a", 2],
  ["between two tokens", ["<think>", "a", "</think>", "\n\n", "I ", "forgot"], "<think>a</think>\n\n", 4],
  ["within a tag's token and what was said", ["<think>", "a</think>I ", "forgot"], "<think>a</think>", 2],
  [
    "within white space and what was said",
    ["<think>a</think>", "\n\nI", " forgot"],
    "<think>a</think>\n\n",
    2,
  ],
  ["tags of many tokens", ["<", "think", ">", "a", "</", "think", ">", "I"], "<think>a</think>", 7],
  ["tokens without text", ["", "<think>", "", "</think>", "", "I"], "<think></think>", 4],
  [
    "a character of many tokens in the thought",
    ["<think>", byte(first), byte(second), byte(third), byte(fourth), "</think>", "I"],
    "<think>😀</think>",
    6,
  ],
  [
    "a character of many tokens after it",
    ["<think></think>", byte(first), byte(second), byte(third), byte(fourth)],
    "<think></think>",
    1,
  ],
])("%s", (_, pieces, hidden, count) => {
  const { decode, ids, text } = tokenizerOf(pieces);
  expect(text.startsWith(hidden)).toBe(true);
  expect(hiddenTokens({ decode }, ids, text, hidden.length)).toBe(count);
});
