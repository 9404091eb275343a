import type { PreTrainedTokenizer } from "@huggingface/transformers";
import {
  hasToolsSlot,
  type Message,
  messageOf,
  RrrError,
  readTemplateHistory,
  type TemplateHistory,
  THOUGHT_TAGS,
  type ToolDefinition,
  toolsOf,
  withToolsAsText,
} from "@rrr/core";

/** What a model needs of its tokenizer. */
export interface ChatTokenizer {
  /** The chat template with the opening of the assistant's turn, as tokens. @throws bad-model */
  encode(messages: readonly Message[]): readonly number[];
  /** Text of the tokens without turn markers. */
  decode(tokens: readonly number[]): string;
  /** What the template makes of earlier answers. */
  readonly history: TemplateHistory;
}

/** @throws bad-model if there is no chat template */
export function createChatTokenizer(tokenizer: PreTrainedTokenizer): ChatTokenizer {
  if (tokenizer.chat_template === null) {
    throw new RrrError("bad-model", "the model has no chat template", {
      hint: "Use an instruction-tuned model, or add a chat_template to its tokenizer_config.json.",
    });
  }
  const render = (messages: readonly Message[], tools?: readonly ToolDefinition[]): string =>
    tokenizer.apply_chat_template(
      messages.map(({ role, content }) => ({ role, content })),
      {
        tokenize: false,
        add_generation_prompt: true,
        tools: tools?.map((tool) => ({ type: "function", function: tool })) ?? null,
      },
    );
  const showsTools = hasToolsSlot(render);
  // Verifiers read exact text: spaces stay as they are unless the model's files say otherwise.
  const clean_up_tokenization_spaces = tokenizer.config.clean_up_tokenization_spaces === true;
  // Tags of thoughts are text: without them, a thought would read as a part of the answer.
  const tags = new Set(THOUGHT_TAGS.flatMap(({ open, close }) => [open, close]));
  const leftOut = new Set(
    tokenizer.all_special_ids.filter((_, i) => !tags.has(tokenizer.all_special_tokens[i] as string)),
  );
  function toText(messages: readonly Message[]): string {
    let text: string;
    try {
      text = showsTools ? render(messages, toolsOf(messages)) : render(withToolsAsText(messages));
    } catch (cause) {
      throw new RrrError("bad-model", `the chat template refuses the conversation: ${messageOf(cause)}`, {
        cause,
      });
    }
    // The assistant's turns are another matter: many templates take the thinking out of them.
    const lost = messages.find(({ role, content }) => role !== "assistant" && !text.includes(content.trim()));
    if (lost === undefined) return text;
    throw new RrrError("bad-model", `the chat template drops what the ${lost.role} says`, {
      hint: "Take the template from where the weights are from.",
    });
  }
  toText([{ role: "user", content: "What is 2 + 2?" }]);
  return {
    history: readTemplateHistory(toText),
    encode: (messages) => tokenizer.encode(toText(messages), { add_special_tokens: false }),
    decode(tokens) {
      const shown = tokens.filter((id) => !leftOut.has(id));
      return shown.length === 0 ? "" : tokenizer.decode(shown, { clean_up_tokenization_spaces });
    },
  };
}
