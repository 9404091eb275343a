/** A hosted model for tests: a real server on 127.0.0.1 whose answers are a function of what it is asked. */
import { deriveKey } from "@rrr/core";
import { createFaultServer } from "@rrr/models/testing";
import { onTestFinished } from "vitest";

export interface HostedModel {
  /** Flags that name it. */
  readonly flags: readonly string[];
  /** Requests that it answered. */
  answered(): number;
}

/**
 * Answers the task of plugin-files.ts: a number that is even in a third of all cases.
 * @param say something else as the nth answer, counted from 0
 */
export async function hostedModel(
  delayMs = 0,
  say: (answered: number) => string | undefined = () => undefined,
): Promise<HostedModel> {
  let answered = 0;
  const server = await createFaultServer({
    plan: () => undefined,
    async answer({ messages, seed }) {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const other = say(answered++);
      const key = deriveKey(Number(seed), JSON.stringify(messages));
      const content = other ?? String(1_000 + 2 * (key % 100) + (key % 3 === 0 ? 0 : 1));
      return {
        object: "chat.completion",
        choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
        usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      };
    },
  });
  onTestFinished(() => server.close());
  return { flags: ["--model", "openai:even", "--base-url", server.url], answered: () => answered };
}
