import { setTimeout as sleep } from "node:timers/promises";
import type { GenerateOptions, Model } from "@rrr/core";
import { expect, test, vi } from "vitest";
import { sendJson, toChat } from "../../test/reply-server.ts";
import { modelAt, serve } from "../../test/serve.ts";
import { createBudget } from "./budget.ts";
import { withBudget } from "./with-budget.ts";

const prompt = [{ role: "user", content: "?".repeat(36) }] as const;
const options: GenerateOptions = { maxTokens: 100, temperature: 0, seed: 1 };

/** Whether a request ends as the time's end within these milliseconds, and not before the first of them. */
async function endsBetween(model: Model, least: number, most: number): Promise<void> {
  const started = performance.now();
  await expect(model.generate(prompt, options)).rejects.toMatchObject({
    code: "budget-spent",
    message: "the time of 0.3 s is over",
  });
  const took = performance.now() - started;
  expect(took).toBeGreaterThanOrEqual(least - 5);
  expect(took).toBeLessThan(most);
}

test("time: a wait for a further try ends with it", async () => {
  const limited = { error: { message: "Rate limit reached. Please try again in 7m12s." } };
  const server = await serve((_, response, count) =>
    count === 1 ? sendJson(response, 200, toChat({ content: "4" })) : sendJson(response, 429, limited),
  );
  const model = modelAt(server.url);
  await model.generate(prompt, options);
  const request = endsBetween(withBudget(model, createBudget({ timeMs: 300 })), 300, 1_500);
  // The longest wait of all is a minute.
  await vi.waitFor(() => expect(model.traffic().nextTryMs).toBeGreaterThan(59_000), { interval: 2 });
  await request;
  expect(model.traffic()).not.toHaveProperty("nextTryMs");
  expect(server.asked).toHaveLength(2);
});

test("time: so does a wait for others, and what is never answered after as long again", async () => {
  const server = await serve(() => {});
  const model = withBudget(modelAt(server.url, { concurrency: 1 }), createBudget({ timeMs: 300 }));
  await Promise.all([endsBetween(model, 600, 2_000), endsBetween(model, 300, 590)]);
  expect(server.asked).toHaveLength(1);
});

test("time: what waits for room in the budget is refused when it is over", async () => {
  const server = await serve((_, response) => {
    setTimeout(() => sendJson(response, 200, toChat({ content: "4" })), 450);
  });
  // Room for one request: 36 bytes, 64 around them, 100 tokens of an answer.
  const model = withBudget(modelAt(server.url), createBudget({ timeMs: 300, tokens: 200 }));
  const begun = model.generate(prompt, options);
  await endsBetween(model, 300, 490);
  await begun;
});

test("time: who aborts is told so, after its end too", async () => {
  const server = await serve(() => {});
  const model = withBudget(modelAt(server.url), createBudget({ timeMs: 300 }));
  const abort = new AbortController();
  const request = model.generate(prompt, { ...options, signal: abort.signal });
  await sleep(400);
  abort.abort();
  await expect(request).rejects.toMatchObject({ code: "aborted" });
});
