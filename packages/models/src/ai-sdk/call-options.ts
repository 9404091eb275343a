import type { Message } from "@rrr/core";
import type { Question } from "../remote/ask.ts";
import type { WireTools } from "../remote/wire-tools.ts";
import type { AISDKCallOptions, AISDKMessage } from "./language-model.ts";

/** One request for one completion. */
export function toCallOptions(
  { messages, maxTokens, temperature, seed }: Question,
  abortSignal: AbortSignal,
  wireTools: WireTools["tools"],
): AISDKCallOptions {
  const tools = wireTools?.map(({ name, description, parameters }) => ({
    type: "function" as const,
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: parameters,
  }));
  return {
    prompt: messages.map(toPart),
    maxOutputTokens: maxTokens,
    temperature,
    seed,
    ...(tools === undefined ? {} : { tools }),
    abortSignal,
  };
}

function toPart({ role, content }: Message): AISDKMessage {
  return role === "system" ? { role, content } : { role, content: [{ type: "text", text: content }] };
}
