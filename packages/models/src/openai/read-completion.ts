import { finishOf, toAnswer, toolCallsText, toUsage } from "../remote/answer.ts";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import { broken, type Outcome } from "../remote/outcome.ts";
import { quote, type Redact } from "../remote/quote.ts";

/** What servers say when a model ended its turn. */
const ENDED = ["stop", "tool_calls", "function_call"];

/**
 * The answer within a body that came with status 200 and without an error. Whatever differs from
 * [the documented form](https://platform.openai.com/docs/api-reference/chat/object) is no answer.
 */
export function readCompletion(body: unknown, redact: Redact = (text) => text): Outcome {
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
  const finish = finishOf(reason, ENDED);
  if (finish === undefined) {
    return broken(`finish reason ${quote(redact(JSON.stringify(reason) ?? "missing"))}`);
  }
  const reasoning = reasoningOf(message);
  const { content = null, tool_calls = null } = message;
  if (content !== null && typeof content !== "string") {
    return broken(`an answer whose content is of type ${typeof content}`);
  }
  const calls = tool_calls === null ? "" : toolCallsText(tool_calls);
  if (calls === undefined) return broken("an answer whose tool calls are malformed");
  // A model that ends, or is cut off, within its reasoning has answered nothing; servers have null for that.
  if (content === null && calls === "" && reasoning === undefined) {
    return broken("an answer whose content is null");
  }
  const { prompt_tokens, completion_tokens } = asRecord(root.usage) ?? {};
  const usage = toUsage(prompt_tokens, completion_tokens);
  return toAnswer({ text: content ?? "", calls, reasoning, finish, usage });
}

/** vLLM, llama.cpp and DeepSeek have `reasoning_content`; OpenRouter and newer vLLM `reasoning`. */
function reasoningOf({ reasoning_content, reasoning }: JsonRecord): string | undefined {
  return [reasoning_content, reasoning].find(
    (each): each is string => typeof each === "string" && each !== "",
  );
}
