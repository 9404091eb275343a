import type { TokenUsage } from "@rrr/core";
import { allOf, toAnswer } from "../remote/answer.ts";
import { readFinishReason } from "../remote/finish-reason.ts";
import { asRecord } from "../remote/json-value.ts";
import { type Broken, broken, type Outcome, type Refused, refused } from "../remote/outcome.ts";
import { quote } from "../remote/quote.ts";
import type { Redact } from "../remote/redact.ts";
import { readUsage, type Seen } from "../remote/usage.ts";
import type { WireTools } from "../remote/wire-tools.ts";
import { readMessage } from "./read-message.ts";

/** What is known of the request that a body answers. */
export type Asked = Pick<Seen, "prompt" | "maxTokens"> & Partial<Pick<WireTools, "nameOf">>;

/**
 * The answer within a body that came with status 200 and without an error. What differs from the forms that servers
 * have is no answer.
 */
export function readCompletion(
  body: unknown,
  asked: Asked = { prompt: "" },
  redact: Redact = (text) => text,
): Outcome {
  const root = asRecord(body);
  if (root === undefined) return broken("a body that is no JSON object");
  const { choices } = root;
  const reject = (outcome: Broken | Refused, answer = ""): Outcome => ({
    ...outcome,
    rejected: { readable: true, usage: usageIn(root.usage, { ...asked, answer }) },
  });
  if (!Array.isArray(choices) || choices.length !== 1) {
    const count = Array.isArray(choices) ? `${choices.length} choices where one was asked for` : "no choices";
    return reject({ ...broken(count), hint: OTHER_FORM });
  }
  const choice = asRecord(choices[0]);
  const message = asRecord(choice?.message);
  if (message === undefined) return reject({ ...broken("a choice without a message"), hint: OTHER_FORM });
  const read = readMessage(message, redact, asked.nameOf);
  if (read.kind === "malformed") return reject({ ...broken(read.problem), hint: OTHER_FORM });
  const { said = NOTHING } = read;
  const finish = readFinishReason(choice?.finish_reason);
  if (finish === "broken" || finish === "unknown") {
    const isMissing = choice?.finish_reason === undefined || choice.finish_reason === null;
    const problem = `finish reason ${quote(JSON.stringify(choice?.finish_reason) ?? "missing", redact)}`;
    return reject(
      finish === "broken"
        ? { ...broken(problem), ...(isMissing ? { hint: UNKNOWN_REASON } : {}) }
        : refused("model-failed", problem, UNKNOWN_REASON),
      allOf(said),
    );
  }
  // A model that ends within its reasoning has answered nothing, and servers have null for one that was cut off there.
  if (read.said === undefined && finish === "stop")
    return reject({ ...broken("an answer whose content is null"), hint: NO_CONTENT });
  return toAnswer(said, finish, usageIn(root.usage, { ...asked, answer: allOf(said), finish }));
}

const NOTHING = { text: "", calls: "", reasoning: "" };

const OTHER_FORM =
  "That is no chat completion as OpenAI's API has it. Is this the address of such an API, of this version?";

const NO_CONTENT =
  "A model that ends within its reasoning may need a larger limit, or --reasoning-effort low.";

const UNKNOWN_REASON =
  "Whether the answer is whole or was cut off, nobody can tell. Name a server that says `stop` and `length`.";

/** What a body says under `usage`. */
export function usageIn(given: unknown, seen: Seen): TokenUsage | undefined {
  const usage = asRecord(given) ?? {};
  return readUsage(
    {
      prompt: usage.prompt_tokens,
      completion: usage.completion_tokens,
      total: usage.total_tokens,
      reasoning: asRecord(usage.completion_tokens_details)?.reasoning_tokens ?? usage.reasoning_tokens,
    },
    seen,
  );
}
