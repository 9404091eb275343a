import type { Message } from "@rrr/core";
import type { Engine } from "@rrr/trainer";

/** How much a model can read and write at once. */
export interface ModelContext {
  /** In tokens. */
  readonly length: number;
  /** Tokens of a conversation. */
  tokensOf(messages: readonly Message[]): number;
}

export function contextOfEngine({ contextLength, tokenizer }: Engine): ModelContext {
  return { length: contextLength, tokensOf: (messages) => tokenizer.encodeChat(messages).length };
}

/** Of text and JSON, in the tokenizers in use, rather less than they are. */
const BYTES_PER_TOKEN = 2.5;
/** What a chat template puts around a turn. */
const TURN_TOKENS = 16;

/** Where the model's tokenizer is elsewhere: by estimate. */
export function contextOfLength(length: number | undefined): ModelContext | undefined {
  if (length === undefined) return undefined;
  return {
    length,
    tokensOf: (messages) =>
      messages.length * TURN_TOKENS +
      Math.ceil(Buffer.byteLength(JSON.stringify(messages)) / BYTES_PER_TOKEN),
  };
}
