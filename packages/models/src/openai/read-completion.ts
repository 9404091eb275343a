import type { Completion, TokenUsage } from "@rrr/core";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import type { Outcome } from "../remote/outcome.ts";
import { quote } from "../remote/quote.ts";
import { toolCallsText } from "../remote/tool-calls-text.ts";

/** What servers say when a model ended its turn. Anything not listed is no complete answer. */
const FINISH: Readonly<Record<string, Completion["finish"]>> = {
  stop: "stop",
  tool_calls: "stop",
  function_call: "stop",
  length: "length",
};

/**
 * The answer within a body that came with status 200 and without an error. Whatever differs from
 * [the documented form](https://platform.openai.com/docs/api-reference/chat/object) is no answer.
 */
export function readCompletion(body: unknown): Outcome {
  const root = asRecord(body);
  if (root === undefined) return broken("a body that is no JSON object");
  const { choices } = root;
  if (!Array.isArray(choices) || choices.length !== 1) {
    return broken(
      Array.isArray(choices) ? `${choices.length} choices where one was asked for` : "no choices",
    );
  }
  const choice = asRecord(choices[0]);
  const message = asRecord(choice?.message);
  if (message === undefined) return broken("a choice without a message");
  const reason = choice?.finish_reason;
  const finish = typeof reason === "string" && Object.hasOwn(FINISH, reason) ? FINISH[reason] : undefined;
  if (finish === undefined) return broken(`finish reason ${quote(JSON.stringify(reason) ?? "missing")}`);
  const reasoning = reasoningOf(message);
  const { content = null, tool_calls: calls = null } = message;
  if (content !== null && typeof content !== "string") {
    return broken(`an answer whose content is of type ${typeof content}`);
  }
  const callsText = calls === null ? "" : toolCallsText(calls);
  if (callsText === undefined) return broken("an answer whose tool calls are malformed");
  // A model that ends, or is cut off, within its reasoning has answered nothing; servers have null for that.
  if (content === null && callsText === "" && reasoning === undefined) {
    return broken("an answer whose content is null");
  }
  const usage = usageOf(root);
  return {
    kind: "answer",
    completion: {
      text: [content ?? "", callsText].filter((part) => part !== "").join("\n"),
      finish,
      ...(usage === undefined ? {} : { usage }),
      ...(reasoning === undefined ? {} : { reasoning }),
    },
  };
}

/** vLLM, llama.cpp and DeepSeek have `reasoning_content`; OpenRouter and newer vLLM `reasoning`. */
function reasoningOf({ reasoning_content, reasoning }: JsonRecord): string | undefined {
  return [reasoning_content, reasoning].find(
    (each): each is string => typeof each === "string" && each !== "",
  );
}

function usageOf(root: JsonRecord): TokenUsage | undefined {
  const { prompt_tokens: prompt, completion_tokens: completion } = asRecord(root.usage) ?? {};
  return isCount(prompt) && isCount(completion) ? { prompt, completion } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function broken(problem: string): Outcome {
  return { kind: "broken", problem };
}
