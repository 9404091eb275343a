import type { Completion, TokenUsage } from "@rrr/core";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import type { Outcome } from "../remote/outcome.ts";
import { toolCallsText } from "../remote/tool-calls-text.ts";

/** What providers say when a model ended its turn. Anything else, `error` and `content-filter` too, is no answer. */
const FINISH: Readonly<Record<string, Completion["finish"]>> = {
  stop: "stop",
  "tool-calls": "stop",
  length: "length",
};

/** The answer within what `doGenerate` gave. */
export function readResult(result: unknown): Outcome {
  const { content, finishReason, usage } = asRecord(result) ?? {};
  if (!Array.isArray(content)) return broken("a result without content");
  const reason = asRecord(finishReason)?.unified ?? finishReason;
  const finish = typeof reason === "string" && Object.hasOwn(FINISH, reason) ? FINISH[reason] : undefined;
  if (finish === undefined) return broken(`finish reason ${JSON.stringify(reason) ?? "missing"}`);
  const parts = content.map((part) => asRecord(part) ?? {});
  const reasoning = textsOf(parts, "reasoning");
  const answer = textsOf(parts, "text");
  const calls = callsOf(parts);
  if (calls === undefined) return broken("a malformed tool call");
  // A model that ends, or is cut off, within its reasoning has answered nothing.
  if (answer === "" && calls === "" && reasoning === "") return broken("an empty answer");
  const counted = usageOf(asRecord(usage));
  return {
    kind: "answer",
    completion: {
      text: [answer, calls].filter((text) => text !== "").join("\n"),
      finish,
      ...(counted === undefined ? {} : { usage: counted }),
      ...(reasoning === "" ? {} : { reasoning }),
    },
  };
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

function usageOf(usage: JsonRecord | undefined): TokenUsage | undefined {
  const count = (value: unknown): number | undefined => {
    const total = asRecord(value)?.total ?? value;
    return Number.isSafeInteger(total) && (total as number) >= 0 ? (total as number) : undefined;
  };
  const prompt = count(usage?.inputTokens);
  const completion = count(usage?.outputTokens);
  return prompt === undefined || completion === undefined ? undefined : { prompt, completion };
}

function broken(problem: string): Outcome {
  return { kind: "broken", problem };
}
