import type { TokenUsage } from "@rrr/core";
import { allOf, toAnswer } from "../remote/answer.ts";
import type { Question } from "../remote/ask.ts";
import { readFinishReason } from "../remote/finish-reason.ts";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import { broken, type Outcome } from "../remote/outcome.ts";
import { textOfPrompt } from "../remote/prompt-text.ts";
import { toolCallsText } from "../remote/tool-calls.ts";
import { readUsage, type Seen } from "../remote/usage.ts";
import { type WireTools, wireTools } from "../remote/wire-tools.ts";

/** The answer within what `doGenerate` gave. */
export function readResult(result: unknown, { messages, maxTokens }: Question): Outcome {
  const { content, finishReason, usage } = asRecord(result) ?? {};
  if (!Array.isArray(content)) return broken("a result without content");
  const parts = content.map((part) => asRecord(part) ?? {});
  const calls = callsOf(parts, wireTools(messages).nameOf);
  const said = { text: textsOf(parts, "text"), calls: calls ?? "", reasoning: textsOf(parts, "reasoning") };
  const reason = asRecord(finishReason)?.unified ?? finishReason;
  const finish = readFinishReason(reason);
  const seen = { prompt: textOfPrompt(messages), answer: allOf(said), maxTokens };
  const took = usageIn(usage, { ...seen, ...(finish === "stop" || finish === "length" ? { finish } : {}) });
  const reject = (problem: string): Outcome => ({
    ...broken(problem),
    rejected: { readable: true, usage: took },
  });
  // Providers have one word for all that they do not know, so that none of it can be called final.
  if (finish === "broken" || finish === "unknown") {
    return reject(`finish reason ${JSON.stringify(reason) ?? "missing"}`);
  }
  if (calls === undefined) return reject("a malformed tool call");
  // A model that ends, or is cut off, within its reasoning has answered nothing.
  if (allOf(said) === "") return reject("an empty answer");
  return toAnswer(said, finish, took);
}

function textsOf(parts: readonly JsonRecord[], type: string): string {
  return parts.map((part) => (part.type === type && typeof part.text === "string" ? part.text : "")).join("");
}

/** Tool calls as text, empty where there are none; undefined where one is malformed. */
function callsOf(parts: readonly JsonRecord[], nameOf: WireTools["nameOf"]): string | undefined {
  const calls = parts
    .filter(({ type }) => type === "tool-call")
    .map(({ toolName, input }) => ({ function: { name: toolName, arguments: input } }));
  return calls.length === 0 ? "" : toolCallsText(calls, nameOf);
}

function usageIn(usage: unknown, seen: Seen): TokenUsage | undefined {
  const { inputTokens, outputTokens, totalTokens, reasoningTokens } = asRecord(usage) ?? {};
  return readUsage(
    {
      prompt: totalOf(inputTokens),
      completion: totalOf(outputTokens),
      total: totalTokens,
      reasoning: asRecord(outputTokens)?.reasoning ?? reasoningTokens,
    },
    seen,
  );
}

/** A number up to version 2, and one of a record's from 3 on. */
function totalOf(tokens: unknown): unknown {
  const counts = asRecord(tokens);
  return counts === undefined ? tokens : counts.total;
}
