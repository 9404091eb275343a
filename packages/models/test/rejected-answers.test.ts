import { createBudget, withBudget } from "@rrr/models";
import { expect, it } from "vitest";
import { type ReplyServer, sendJson } from "./reply-server.ts";
import { modelAt, serve } from "./serve.ts";

const usage = { prompt_tokens: 20, completion_tokens: 60, total_tokens: 80 };
const options = { maxTokens: 64, temperature: 0 };

/** What a server sends with status 200 and is no answer; its work has to be paid for all the same. */
const REJECTED: readonly (readonly [string, object | string, number])[] = [
  ["no choices", { choices: [], usage }, 80],
  ["a shape that nobody knows", { choices: [{ message: { content: 7 }, finish_reason: "stop" }], usage }, 80],
  [
    "a finish reason that nobody knows",
    { choices: [{ message: { content: "4" }, finish_reason: "odd" }], usage },
    80,
  ],
  ["an error with usage", { error: { message: "odd" }, usage }, 80],
  // The most that it may have taken: 64 tokens, 10 bytes and 64 around them.
  ["no JSON", "{", 138],
  ["counts that are none", { choices: [], usage: { prompt_tokens: -1, completion_tokens: -1 } }, 138],
];

it.each(REJECTED)("%s, with status 200, costs and ends the budget in time", async (_, body, each) => {
  const server: ReplyServer = await serve((_, response) =>
    typeof body === "string" ? response.end(body) : sendJson(response, 200, body),
  );
  const budget = createBudget({ tokens: 2_000 });
  const model = withBudget(modelAt(server.url), budget);
  const all = await Promise.allSettled(
    Array.from({ length: 100 }, (_, seed) =>
      model.generate([{ role: "user", content: "2 + 2 = ??" }], { ...options, seed }),
    ),
  );
  const codes = all.map((one) => (one.status === "rejected" ? one.reason.code : "answered"));
  expect(codes).not.toContain("answered");
  expect(codes).toContain("budget-spent");
  const { promptTokens, completionTokens } = budget.spent();
  expect(promptTokens + completionTokens).toBeLessThanOrEqual(2_000);
  expect(promptTokens + completionTokens).toBe(server.asked.length * each);
});
