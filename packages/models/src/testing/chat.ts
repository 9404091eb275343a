/** What the fault server reads of a request. */
export interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly [field: string]: unknown;
}

/** A `chat.completion`, whole or broken. */
export type ChatAnswer = { readonly [field: string]: unknown };

/** The answer to a request that no other request has: what was asked, and the seed. */
export function rightAnswer({ messages, seed }: ChatRequest): string {
  return `right: ${messages.at(-1)?.content} (seed ${seed})`;
}

export function toAnswer(content: unknown, finishReason: unknown = "stop"): ChatAnswer {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 0,
    model: "fault",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: finishReason }],
    usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 },
  };
}

/** An answer as the events of a stream, a few characters at a time; without `[DONE]`. */
export function toEvents(answer: ChatAnswer): string {
  const { choices, usage, ...rest } = answer;
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  const content = choice?.message?.content;
  const pieces = typeof content === "string" ? (content.match(/.{1,8}/gs) ?? []) : [content];
  const chunk = { ...rest, object: "chat.completion.chunk" };
  const chunks = [
    ...pieces.map((piece) => ({
      ...chunk,
      choices: Array.isArray(choices)
        ? choices.map(() => ({ index: 0, delta: { content: piece } }))
        : choices,
    })),
    { ...chunk, choices: choice && [{ index: 0, delta: {}, finish_reason: choice.finish_reason }] },
    { ...chunk, choices: [], usage },
  ];
  return chunks.map(toEvent).join("");
}

export function toEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

export const DONE = "data: [DONE]\n\n";
