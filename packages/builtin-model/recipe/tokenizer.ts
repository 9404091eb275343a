/**
 * The built-in model's tokenizer, as Hugging Face files: bytes, so that any text can be read; two-digit numbers;
 * and whole sentences of the prompts as single added tokens, so that each costs one position.
 */
import type { TextFiles } from "@rrr/trainer";
import { fromTheStart, givingUp, goOn, next, platitudes, restating, wrong } from "./transcripts.ts";

/** Turn markers. They are special: decoding leaves them out. */
export const special = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"] as const;

/** Sentences of the Countdown prompts, verbatim: a test holds that a whole prompt, markers included, is twelve tokens. */
const sentences = [
  "Using the numbers [",
  "], create an equation that equals ",
  ". You can use basic arithmetic operations (+, -, *, /) and each number must be used exactly once. " +
    "Show your work in <think> </think> tags and return the final equation in <answer> </answer> tags, " +
    "for example <answer>(1 + 2) / 3</answer>.",
  "You tried solving the following problem and got the wrong answer. Reflect on what went wrong and write a " +
    "short explanation that will help you do better next time.",
];

const words = ["<think>", "</think>", "<answer>", "</answer>", ", ", next, ": ", " yes", " no", givingUp];
const thoughts = [goOn, fromTheStart, restating, wrong, ...platitudes];

const chatTemplate =
  "{%- for message in messages -%}<|{{ message.role }}|>{{ message.content }}<|end|>{%- endfor -%}" +
  "{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}";

/** The texts of tokenizer.json and tokenizer_config.json, and the size of the vocabulary. */
export function buildTokenizer(): { readonly files: TextFiles; readonly vocabSize: number } {
  const added = [...special, ...words, ...sentences, ...thoughts];
  const vocab: Record<string, number> = {};
  for (const text of added) vocab[text] = Object.keys(vocab).length;
  const bytes: Record<string, number> = {};
  let next = added.length;
  for (const symbol of byteAlphabet()) bytes[symbol] = next++;
  const merges: [string, string][] = [];
  for (let number = 10; number < 100; number++) {
    const digits = String(number);
    merges.push([digits[0] as string, digits[1] as string]);
    bytes[digits] = next++;
  }
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const tokenizer = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: id < special.length,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: bytes,
      merges,
    },
  };
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: "<|end|>",
    pad_token: "<|end|>",
    clean_up_tokenization_spaces: false,
    model_max_length: 512,
    chat_template: chatTemplate,
  };
  return {
    files: new Map([
      ["tokenizer.json", `${JSON.stringify(tokenizer, null, 1)}\n`],
      ["tokenizer_config.json", `${JSON.stringify(config, null, 2)}\n`],
    ]),
    vocabSize: next,
  };
}

/** The 256 printable symbols that stand for bytes in byte-level BPE. @see the GPT-2 paper's encoder */
function byteAlphabet(): readonly string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let shifted = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : shifted++));
}
