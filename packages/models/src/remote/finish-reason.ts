import type { Completion } from "@rrr/core";

/** What a reason says of an answer: whole, cut off, broken off for this once, or nothing that anybody knows. */
export type FinishReason = Completion["finish"] | "broken" | "unknown";

/** Of OpenAI, Anthropic, Gemini, Mistral, Cohere, text-generation-inference, vLLM, SGLang and what imitates them. */
const WORDS: ReadonlyMap<string, FinishReason> = new Map([
  ...words("stop", [
    ...["stop", "eos", "eos_token", "end", "end_turn", "end_of_turn", "stop_sequence", "stop_token"],
    ...["complete", "completed", "tool_call", "tool_calls", "tool_use", "function_call"],
  ]),
  ...words("length", [
    ...["length", "model_length", "max_length", "max_tokens", "max_new_tokens", "max_output_tokens"],
    ...["max_completion_tokens", "model_context_window_exceeded"],
  ]),
  ...words("broken", [
    ...["abort", "aborted", "cancelled", "canceled", "error", "timeout", "content_filter"],
    "insufficient_system_resource",
  ]),
]);

/** In any case, with hyphens or underscores; Gemini's own names may have their type before them. */
export function readFinishReason(reason: unknown): FinishReason {
  if (reason === undefined || reason === null) return "broken";
  if (typeof reason !== "string") return "unknown";
  const word = reason
    .toLowerCase()
    .replaceAll("-", "_")
    .replace(/^finish_reason_/, "");
  return WORDS.get(word) ?? "unknown";
}

function words(meaning: FinishReason, all: readonly string[]): [string, FinishReason][] {
  return all.map((word) => [word, meaning]);
}
