import type { Message } from "@rrr/core";
import type { RunReader, StoredTurn } from "@rrr/runs";
import type { ShownMessage } from "./api.ts";
import { shown } from "./shown-text.ts";

/** The messages of an episode, each once, and which of them each turn was shown. */
export interface Conversation {
  readonly messages: readonly Message[];
  /** Places in `messages`, turn by turn. */
  readonly prompts: readonly (readonly number[])[];
}

/** Turns of an episode share what they were shown: the retry saw all that the attempt did. */
export function conversationOf(reader: RunReader, turns: readonly StoredTurn[]): Conversation {
  const messages: Message[] = [];
  const places = new Map<string, number>();
  const prompts = turns.map((turn) =>
    reader.messages(turn).map((message) => {
      const key = JSON.stringify([message.role, message.content, message.tools]);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, messages.length);
      return messages.push(message) - 1;
    }),
  );
  return { messages, prompts };
}

export function shownMessage({ role, content, tools }: Message, turns: readonly StoredTurn[]): ShownMessage {
  const answered = role === "assistant" ? turns.findIndex(({ text }) => text !== "" && text === content) : -1;
  return {
    role,
    content: shown(content),
    ...(tools === undefined ? {} : { tools: shown(JSON.stringify(tools, undefined, 2)) }),
    ...(answered === -1 ? {} : { answerOf: answered }),
  };
}
