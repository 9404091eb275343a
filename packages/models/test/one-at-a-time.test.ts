import { setTimeout as sleep } from "node:timers/promises";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { fromAISDK } from "@rrr/models";
import { expect, it } from "vitest";
import { sendJson, toChat } from "./reply-server.ts";
import { modelAt, serve } from "./serve.ts";

const REQUESTS = 64;
const ANSWER_MS = 20;
/** A queue of all is much longer than this. */
const timeoutMs = 300;

type Order = "in order" | "at random" | "the last first";

/** Works off whatever came, one by one, and does not notice who has gone. */
async function slowServer(order: Order, loadMs: number): Promise<{ url: string; made: () => number }> {
  const queue: (() => void)[] = [];
  let made = 0;
  let isWorking = false;
  let isLoaded = false;
  const work = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    for (let random = 1; queue.length > 0; ) {
      random = (random * 48_271) % 0x7fffffff;
      const at = { "in order": 0, "at random": random % queue.length, "the last first": queue.length - 1 }[
        order
      ];
      const [answer] = queue.splice(at, 1);
      await sleep(isLoaded ? ANSWER_MS : loadMs);
      isLoaded = true;
      made++;
      answer?.();
    }
    isWorking = false;
  };
  const server = await serve((_, response) => {
    queue.push(() => sendJson(response, 200, toChat({ content: "4" })));
    void work();
  });
  return { url: server.url, made: () => made };
}

const ask = (
  i: number,
): [{ role: "user"; content: string }[], { maxTokens: 16; temperature: 0; seed: number }] => [
  [{ role: "user", content: `question ${i}` }],
  { maxTokens: 16, temperature: 0, seed: i },
];

it.each<[Order, string, number]>([
  ["in order", "", ANSWER_MS],
  ["at random", "", ANSWER_MS],
  ["the last first", "", ANSWER_MS],
  ["in order", ", after three deadlines of loading its model", 3 * timeoutMs],
])(
  "a server that answers one at a time, %s%s, is asked for little that nobody reads",
  async (order, _, loadMs) => {
    const server = await slowServer(order, loadMs);
    const model = modelAt(server.url, { timeoutMs });
    const answers = await Promise.all(Array.from({ length: REQUESTS }, (_, i) => model.generate(...ask(i))));
    expect(answers.flat()).toHaveLength(REQUESTS);
    // What was given up is still worked off.
    await sleep(20 * ANSWER_MS);
    expect(server.made()).toBeLessThanOrEqual(1.2 * REQUESTS);
  },
);

it("so is one behind the AI SDK", async () => {
  const server = await slowServer("in order", ANSWER_MS);
  const language = createOpenAICompatible({ name: "slow", baseURL: server.url })("m");
  const model = fromAISDK(language, { timeoutMs, backoffMs: 1 });
  const answers = await Promise.all(Array.from({ length: REQUESTS }, (_, i) => model.generate(...ask(i))));
  expect(answers.flat()).toHaveLength(REQUESTS);
  expect(server.made()).toBe(REQUESTS);
});

it("one request that hangs among many that do not is given up in time", async () => {
  let hung = 0;
  let heldMs = 0;
  const server = await serve(({ body }, response) => {
    const [{ content }] = body.messages as [{ content: string }];
    if (content === "question 7" && hung++ === 0) {
      const asked = performance.now();
      response.on("close", () => {
        heldMs = performance.now() - asked;
      });
    } else setTimeout(() => sendJson(response, 200, toChat({ content: "4" })), 5);
  });
  const model = modelAt(server.url, { timeoutMs, concurrency: 8 });
  const answers = await Promise.all(Array.from({ length: 600 }, (_, i) => model.generate(...ask(i))));
  expect(answers.flat()).toHaveLength(600);
  expect(hung).toBe(2);
  expect(heldMs).toBeLessThan(4 * timeoutMs);
});
