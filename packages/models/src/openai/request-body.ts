import type { Question } from "../remote/ask.ts";
import type { WireTools } from "../remote/wire-tools.ts";
import type { MaxTokensField, ResolvedSettings } from "./settings.ts";

/**
 * The JSON of one request for one completion. Fields that the user gave overrule ours, and one that is undefined
 * leaves ours out.
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function toRequestBody(
  { messages, maxTokens, temperature, seed }: Question,
  { model, stream, body }: Pick<ResolvedSettings, "model" | "stream" | "body">,
  maxTokensField: MaxTokensField,
  tools: WireTools["tools"],
): string {
  return JSON.stringify({
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(tools === undefined ? {} : { tools: tools.map((each) => ({ type: "function", function: each })) }),
    [maxTokensField]: maxTokens,
    temperature,
    seed,
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    ...body,
  });
}
