import type { Said } from "../remote/answer.ts";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import { quote } from "../remote/quote.ts";
import type { Redact } from "../remote/redact.ts";
import { toolCallsText } from "../remote/tool-calls.ts";
import type { WireTools } from "../remote/wire-tools.ts";

/** What a message says, in the forms that servers have for it; undefined `said` where it says nothing at all. */
export type ReadMessage =
  | { readonly kind: "said"; readonly said: Said | undefined }
  | { readonly kind: "malformed"; readonly problem: string };

/** @see https://platform.openai.com/docs/api-reference/chat/object */
export function readMessage(message: JsonRecord, redact: Redact, nameOf?: WireTools["nameOf"]): ReadMessage {
  const { tool_calls = null, function_call = null, refusal } = message;
  const content = contentOf(message.content ?? null, redact);
  if (content.kind === "malformed") return content;
  const given = tool_calls ?? (function_call === null ? [] : [{ function: function_call }]);
  const calls = toolCallsText(given, nameOf);
  if (calls === undefined) return malformed("an answer whose tool calls are malformed");
  // A model of OpenAI that refuses says so here, in place of the content.
  const text = content.text ?? (typeof refusal === "string" ? refusal : undefined);
  const reasoning = reasoningOf(message) ?? content.reasoning;
  const isNothing = text === undefined && calls === "" && reasoning === "";
  return { kind: "said", said: isNothing ? undefined : { text: text ?? "", calls, reasoning } };
}

type Content =
  | { readonly kind: "content"; readonly text: string | undefined; readonly reasoning: string }
  | { readonly kind: "malformed"; readonly problem: string };

/** Text, or a list of parts, of which some are thoughts. */
function contentOf(content: unknown, redact: Redact): Content {
  if (content === null) return { kind: "content", text: undefined, reasoning: "" };
  if (typeof content === "string") return { kind: "content", text: content, reasoning: "" };
  const parts = Array.isArray(content) ? content.map(asRecord) : [undefined];
  const types = parts.map((part) => part?.type);
  if (types.some((type) => typeof type !== "string")) {
    return malformed(`an answer whose content is of type ${typeof content}`);
  }
  const unknown = types.find((type) => !TEXT.includes(type) && !THOUGHT.includes(type));
  if (unknown !== undefined) {
    return malformed(`an answer with a content part of type ${quote(String(unknown), redact)}`);
  }
  const joined = (of: readonly unknown[]): string[] =>
    parts.filter((part) => of.includes(part?.type)).map(partText);
  return {
    kind: "content",
    text: parts.length === 0 ? undefined : joined(TEXT).join(""),
    reasoning: joined(THOUGHT).join(""),
  };
}

const TEXT: readonly unknown[] = ["text", "output_text", "refusal"];
const THOUGHT: readonly unknown[] = ["thinking", "reasoning"];

/** A thought of Mistral's is a list of parts itself. */
function partText(part: unknown): string {
  const { text, refusal, thinking, reasoning } = asRecord(part) ?? {};
  const said = [text, refusal, thinking, reasoning].find((each) => each !== undefined && each !== null);
  if (Array.isArray(said)) return said.map(partText).join("");
  return typeof said === "string" ? said : "";
}

/** vLLM, llama.cpp and DeepSeek have `reasoning_content`; OpenRouter and newer vLLM `reasoning`. */
function reasoningOf({ reasoning_content, reasoning }: JsonRecord): string | undefined {
  return [reasoning_content, reasoning].find(
    (each): each is string => typeof each === "string" && each !== "",
  );
}

function malformed(problem: string): { readonly kind: "malformed"; readonly problem: string } {
  return { kind: "malformed", problem };
}
