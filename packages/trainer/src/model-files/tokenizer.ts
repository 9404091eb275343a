import { Template } from "@huggingface/jinja";
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import {
  hasToolsSlot,
  type Message,
  messageOf,
  RrrError,
  type ToolDefinition,
  toolsOf,
  withToolsAsText,
} from "@rrr/core";
import type { Tokenizer } from "../engine.ts";
import { tokenIds } from "./config.ts";
import { parseJson, readTextFiles, type TextFiles } from "./text-files.ts";

/** Reads the tokenizer of a model in Hugging Face layout. @throws bad-model */
export async function loadTokenizer(dir: string): Promise<Tokenizer> {
  return createTokenizer(await readTextFiles(dir));
}

/**
 * A tokenizer from the texts of tokenizer.json, tokenizer_config.json and, where they exist,
 * chat_template.jinja, config.json and generation_config.json.
 *
 * As in Hugging Face transformers, the chat template is rendered to one text which is then tokenised, so the
 * text of a special token inside a message's content becomes that token.
 * Decoding leaves spaces as they are unless `clean_up_tokenization_spaces` is true: verifiers read exact text.
 * @throws bad-model
 */
export function createTokenizer(files: TextFiles): Tokenizer {
  const config = parseJson(files, "tokenizer_config.json");
  const tokenizer = construct(parseJson(files, "tokenizer.json"), config);
  const ids = [...tokenizer.get_vocab().values()];
  const vocabSize = ids.reduce((most, id) => Math.max(most, id + 1), 0);
  const added = tokenizer.get_added_tokens_decoder();
  const clean_up_tokenization_spaces = config.clean_up_tokenization_spaces === true;
  const render = chatTemplate(files, config);

  function encode(text: string): Int32Array {
    return Int32Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids);
  }

  return {
    vocabSize,
    encode,
    decode(tokens) {
      // A model's vocabulary may be padded beyond the tokenizer's: such ids have no text.
      const shown = [...tokens].filter((id) => id < vocabSize && added.get(id)?.special !== true);
      return shown.length === 0 ? "" : tokenizer.decode(shown, { clean_up_tokenization_spaces });
    },
    encodeChat: (messages) => encode(render(messages)),
    stopIds: stopIds(files, config, tokenizer),
  };
}

function construct(json: Record<string, unknown>, config: Record<string, unknown>): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(json, config);
  } catch (error) {
    throw new RrrError("bad-model", `tokenizer.json: ${messageOf(error)}`, { cause: error });
  }
}

function chatTemplate(
  files: TextFiles,
  config: Record<string, unknown>,
): (messages: readonly Message[]) => string {
  const source = files.get("chat_template.jinja") ?? config.chat_template;
  if (typeof source !== "string") {
    throw new RrrError("bad-model", "the model has no chat template", {
      hint: "Use an instruction-tuned model, or add a chat_template.jinja to its folder.",
    });
  }
  const tokens = { bos_token: tokenText(config.bos_token), eos_token: tokenText(config.eos_token) };
  try {
    const template = new Template(source);
    const render = (messages: readonly Message[], tools?: readonly ToolDefinition[]): string =>
      template.render({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: true,
        ...tokens,
        // As Hugging Face transformers hand functions to a template: none is `none`, not undefined.
        tools: tools?.map((tool) => ({ type: "function", function: tool })) ?? null,
      });
    const showsTools = hasToolsSlot(render);
    return (messages) =>
      showsTools ? render(messages, toolsOf(messages)) : render(withToolsAsText(messages));
  } catch (error) {
    throw new RrrError("bad-model", `the chat template does not parse: ${messageOf(error)}`, {
      cause: error,
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

/** Special tokens are written as a text or as `{content}`. */
function tokenText(token: unknown): string {
  const text = typeof token === "object" && token !== null && "content" in token ? token.content : token;
  return typeof text === "string" ? text : "";
}
