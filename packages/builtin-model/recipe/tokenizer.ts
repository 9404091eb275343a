/**
 * The built-in models' tokenizers, as Hugging Face files: bytes, so that any text can be read; two-digit numbers;
 * and frequent pieces of text, up to whole sentences of the prompts, as single added tokens, so that each costs one
 * position.
 */
import type { TextFiles } from "@rrr/trainer";

/** Turn markers. They are special: decoding leaves them out. */
export const special = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"] as const;

/** What the model of a task knows beyond bytes and numbers. */
export interface Vocabulary {
  /** Each becomes one token, in this order. */
  readonly pieces: readonly string[];
  readonly chatTemplate: string;
}

/** @param tools template of what follows the first message's content, or nothing */
export function chatTemplate(tools: string): string {
  return (
    `{%- for message in messages -%}<|{{ message.role }}|>{{ message.content }}${tools}<|end|>{%- endfor -%}` +
    "{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}"
  );
}

/** The texts of tokenizer.json and tokenizer_config.json, and the size of the vocabulary. */
export function buildTokenizer({ pieces, chatTemplate }: Vocabulary): {
  readonly files: TextFiles;
  readonly vocabSize: number;
} {
  const added = [...special, ...pieces];
  // Added tokens stand in the vocabulary too: Hugging Face's Rust tokenizers number those that do not anew, from its end.
  const vocab: Record<string, number> = Object.fromEntries(added.map((text, id) => [text, id]));
  let next = added.length;
  for (const symbol of byteAlphabet()) vocab[symbol] = next++;
  const merges: [string, string][] = [];
  for (let number = 10; number < 100; number++) {
    const digits = String(number);
    merges.push([digits[0] as string, digits[1] as string]);
    vocab[digits] = next++;
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
      vocab,
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
    // Without it, `transformers serve` takes answers apart as those of Qwen3 itself, and shows the end marker.
    response_template: {
      start_anchor: "<|assistant|>",
      fields: { content: { close: "<|end|>", content: "text" } },
    },
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
