import type { Call } from "../call.ts";
import type { Fail } from "../fail.ts";
import { isMeantAsCalls, toCalls } from "./call-shape.ts";
import { findAnswer } from "./find-answer.ts";
import { withoutThoughts } from "./thoughts.ts";

/** Characters outside thoughts: many times what any list of calls needs. */
const MAX_LENGTH = 2 ** 15;

export type CallsReading = { readonly kind: "calls"; readonly calls: readonly Call[] } | Fail;

/**
 * The calls of a model's output: the last answer outside `<think>`, and only that. It may stand in prose, in a fence,
 * in `<tool_call>` tags or in OpenAI's `tool_calls`; the README has the rules.
 */
export function readCalls(output: string): CallsReading {
  const text = withoutThoughts(output);
  if (text.length > MAX_LENGTH) return malformed(`${text.length} characters, at most ${MAX_LENGTH}`);
  const answer = findAnswer(text, isMeantAsCalls);
  if (answer === undefined) return { kind: "fail", code: "no-call", detail: "no call outside <think>" };
  if (answer.kind === "malformed") return malformed(answer.problem);
  const calls: Call[] = [];
  for (const value of answer.values) {
    const list = toCalls(value);
    if (list.kind === "malformed") return malformed(list.problem);
    calls.push(...list.calls);
  }
  return { kind: "calls", calls };
}

function malformed(detail: string): CallsReading {
  return { kind: "fail", code: "malformed-json", detail };
}
