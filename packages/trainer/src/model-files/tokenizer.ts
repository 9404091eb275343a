import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { type Message, RrrError, THOUGHT_TAGS } from "@rrr/core";
import type { Tokenizer } from "../engine.ts";
import { chatTemplate, tokenText } from "./chat-template.ts";
import { tokenIds } from "./config.ts";
import { reasonOf } from "./show.ts";
import { parseJson, readTextFiles, type TextFiles } from "./text-files.ts";
import { checkTokenizerJson } from "./tokenizer-json.ts";
import { agreeingTokenizer } from "./tokenizer-parts.ts";
import { withinTime } from "./within-time.ts";

const HINT = "Take tokenizer.json from where the weights are from.";

/** A tokenizer that shows what it encodes. */
export interface ChatTokenizer extends Tokenizer {
  /** The text that `encodeChat` makes tokens of. */
  renderChat(messages: readonly Message[]): string;
}

/** Reads the tokenizer of a model in Hugging Face layout. @throws bad-model */
export async function loadTokenizer(dir: string): Promise<ChatTokenizer> {
  return createTokenizer(await readTextFiles(dir));
}

/**
 * A tokenizer from the texts of tokenizer.json, tokenizer_config.json and, where they exist,
 * chat_template.jinja or chat_template.json, config.json and generation_config.json.
 *
 * As in Hugging Face transformers, the chat template is rendered to one text which is then tokenised, so the
 * text of a special token inside a message's content becomes that token.
 * Decoding leaves spaces as they are unless `clean_up_tokenization_spaces` is true: verifiers read exact text.
 * @throws bad-model
 */
export function createTokenizer(files: TextFiles): ChatTokenizer {
  const config = parseJson(files, "tokenizer_config.json");
  const tokenizer = construct(parseJson(files, "tokenizer.json"), config);
  const ids = [...tokenizer.get_vocab().values()];
  const vocabSize = ids.reduce((most, id) => Math.max(most, id + 1), 0);
  const added = tokenizer.get_added_tokens_decoder();
  const tags = new Set(THOUGHT_TAGS.flatMap(({ open, close }) => [open, close]));
  // Tags of thoughts are text: without them, a thought would read as a part of the answer.
  const isLeftOut = (id: number): boolean => {
    const token = added.get(id);
    return token?.special === true && !tags.has(token.content);
  };
  const clean_up_tokenization_spaces = config.clean_up_tokenization_spaces === true;
  const render = chatTemplate(files, config);

  function encode(text: string): Int32Array {
    const found = run("encode", () => tokenizer.encode(text, { add_special_tokens: false }).ids);
    if (found.some((id: number | undefined) => id === undefined)) {
      throw new RrrError("bad-model", "tokenizer.json: a text has tokens that are not in the vocabulary", {
        hint: HINT,
      });
    }
    return Int32Array.from(found);
  }

  if (new Set(encode("What is 2 + 2?")).size < 2) {
    throw new RrrError("bad-model", "tokenizer.json: it makes nothing of a text", { hint: HINT });
  }
  return {
    vocabSize,
    encode,
    decode(tokens) {
      // A model's vocabulary may be padded beyond the tokenizer's, and have gaps: such ids have no text.
      const shown = [...tokens].filter((id) => !isLeftOut(id) && tokenizer.id_to_token(id) !== undefined);
      if (shown.length === 0) return "";
      return run("decode", () => tokenizer.decode(shown, { clean_up_tokenization_spaces }));
    },
    renderChat: render,
    encodeChat: (messages) => withinTime("making tokens of a conversation", () => encode(render(messages))),
    stopIds: stopIds(files, config, tokenizer),
  };
}

function construct(json: Record<string, unknown>, config: Record<string, unknown>): HuggingFaceTokenizer {
  try {
    checkTokenizerJson(json);
    const agreeing = agreeingTokenizer(json);
    return withinTime("reading tokenizer.json", () => new HuggingFaceTokenizer(agreeing, config));
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-model", `tokenizer.json: ${reasonOf(cause)}`, { cause, hint: HINT });
  }
}

function run<Result>(verb: "encode" | "decode", work: () => Result): Result {
  try {
    return withinTime(`the tokenizer's ${verb}`, work);
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-model", `the tokenizer cannot ${verb}: ${reasonOf(cause)}`, {
      cause,
      hint: HINT,
    });
  }
}

/** The end-of-sequence token, and whatever else the model's own files say ends generation. */
function stopIds(
  files: TextFiles,
  config: Record<string, unknown>,
  tokenizer: HuggingFaceTokenizer,
): readonly number[] {
  const stops = new Set<number>();
  const eos = tokenizer.token_to_id(tokenText(config.eos_token));
  if (eos !== undefined) stops.add(eos);
  for (const name of ["config.json", "generation_config.json"] as const) {
    if (files.has(name)) for (const id of tokenIds(parseJson(files, name).eos_token_id)) stops.add(id);
  }
  if (stops.size === 0) throw new RrrError("bad-model", "no end-of-sequence token is known for this model");
  return [...stops].sort((a, b) => a - b);
}
