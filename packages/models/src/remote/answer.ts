import type { Completion, TokenUsage } from "@rrr/core";
import { asRecord, parseJson } from "./json-value.ts";
import type { Answer } from "./outcome.ts";

interface Parts {
  readonly text: string;
  /** Tool calls as text; empty where there are none. */
  readonly calls: string;
  readonly reasoning: string | undefined;
  readonly finish: Completion["finish"];
  readonly usage: TokenUsage | undefined;
}

/** Tool calls come after what was said beside them. */
export function toAnswer({ text, calls, reasoning = "", finish, usage }: Parts): Answer {
  return {
    kind: "answer",
    completion: {
      text: [text, calls].filter((part) => part !== "").join("\n"),
      finish,
      ...(usage === undefined ? {} : { usage }),
      ...(reasoning === "" ? {} : { reasoning }),
    },
  };
}

/** Undefined for whatever is not among the words for the end of a model's turn: that is no complete answer. */
export function finishOf(reason: unknown, ended: readonly unknown[]): Completion["finish"] | undefined {
  if (ended.includes(reason)) return "stop";
  return reason === "length" ? "length" : undefined;
}

/** Undefined unless both are counts. */
export function toUsage(prompt: unknown, completion: unknown): TokenUsage | undefined {
  return isCount(prompt) && isCount(completion) ? { prompt, completion } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Tool calls as the text that a model without a place for them would have written: a JSON array of
 * `{"name": …, "arguments": {…}}`, or no text for no calls. Undefined where they are malformed.
 */
export function toolCallsText(calls: unknown): string | undefined {
  if (!Array.isArray(calls)) return undefined;
  if (calls.length === 0) return "";
  const texts = calls.map(callText);
  return texts.includes(undefined) ? undefined : `[${texts.join(", ")}]`;
}

function callText(call: unknown): string | undefined {
  const { name, arguments: given } = asRecord(asRecord(call)?.function) ?? {};
  if (typeof name !== "string" || typeof given !== "string") return undefined;
  // As the model wrote them: reading the numbers would round the long ones. What is no JSON stays the model's mistake.
  const text = asRecord(parseJson(given)) === undefined ? JSON.stringify(given) : given.trim();
  return `{"name": ${JSON.stringify(name)}, "arguments": ${text}}`;
}
