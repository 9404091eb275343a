import { finishOf, toAnswer, toolCallsText, toUsage } from "../remote/answer.ts";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import { broken, type Outcome } from "../remote/outcome.ts";

/** What providers say when a model ended its turn. */
const ENDED = ["stop", "tool-calls"];

/** The answer within what `doGenerate` gave. */
export function readResult(result: unknown): Outcome {
  const { content, finishReason, usage } = asRecord(result) ?? {};
  if (!Array.isArray(content)) return broken("a result without content");
  const reason = asRecord(finishReason)?.unified ?? finishReason;
  const finish = finishOf(reason, ENDED);
  if (finish === undefined) return broken(`finish reason ${JSON.stringify(reason) ?? "missing"}`);
  const parts = content.map((part) => asRecord(part) ?? {});
  const reasoning = textsOf(parts, "reasoning");
  const text = textsOf(parts, "text");
  const calls = callsOf(parts);
  if (calls === undefined) return broken("a malformed tool call");
  // A model that ends, or is cut off, within its reasoning has answered nothing.
  if (text === "" && calls === "" && reasoning === "") return broken("an empty answer");
  const { inputTokens, outputTokens } = asRecord(usage) ?? {};
  return toAnswer({
    text,
    calls,
    reasoning,
    finish,
    usage: toUsage(totalOf(inputTokens), totalOf(outputTokens)),
  });
}

function textsOf(parts: readonly JsonRecord[], type: string): string {
  return parts.map((part) => (part.type === type && typeof part.text === "string" ? part.text : "")).join("");
}

/** Tool calls as text, empty where there are none; undefined where one is malformed. */
function callsOf(parts: readonly JsonRecord[]): string | undefined {
  const calls = parts
    .filter(({ type }) => type === "tool-call")
    .map(({ toolName, input }) => ({ function: { name: toolName, arguments: input } }));
  return calls.length === 0 ? "" : toolCallsText(calls);
}

/** A number up to version 2, and one of a record's from 3 on. */
function totalOf(tokens: unknown): unknown {
  return asRecord(tokens)?.total ?? tokens;
}
