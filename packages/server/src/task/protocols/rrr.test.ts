import { describe, expect, test, vi } from "vitest";
import { createAsk } from "../../../test/ask.ts";
import { BREAKS, sums } from "../../../test/sums-task.ts";

const item = { a: 2, b: 3 };

describe("verdicts", () => {
  test("three kinds, and only a verdict that was reached has a reward", async () => {
    const ask = createAsk();
    const verify = async (completion: string) => (await ask("POST", "/v1/verify", { item, completion })).body;
    expect(await verify("5")).toEqual({ kind: "pass", reward: 1 });
    const fail = { kind: "fail", code: "wrong-sum", detail: "2 + 3 is 5", reward: 0 };
    expect(await verify("6")).toEqual(fail);
    const invalid = { kind: "invalid", code: "verifier-failed", detail: expect.stringContaining("a bug") };
    expect(await verify("throws")).toEqual(invalid);
  });

  test.each(Object.entries(BREAKS))("a verifier that %s", async (completion, code) => {
    const ask = createAsk({ verifyTimeoutMs: 20 });
    const { status, body } = await ask("POST", "/v1/verify", { item, completion });
    expect([status, body]).toEqual([200, { kind: "invalid", code, detail: expect.any(String) }]);
  });

  test("a batch: what is wrong with one is its verdict alone", async () => {
    const ask = createAsk({ maxBatch: 6 });
    const requests = [
      { item, completion: "5" },
      { item, completion: 5 },
      { item: { a: "2", b: 3 }, completion: "5" },
      { id: "train-0-00000000", completion: "5" },
      "5",
      { item, completion: "4" },
    ];
    const { body } = await ask("POST", "/v1/verify/batch", { requests });
    const { verdicts } = body as { verdicts: readonly { kind: string; code?: string; reward?: number }[] };
    expect(verdicts.map(({ kind, code, reward }) => [kind, code, reward])).toEqual([
      ["pass", undefined, 1],
      ["invalid", "bad-request", undefined],
      ["invalid", "bad-item", undefined],
      ["invalid", "unknown-item", undefined],
      ["invalid", "bad-request", undefined],
      ["fail", "wrong-sum", 0],
    ]);
    expect(await ask("POST", "/v1/verify/batch", { requests: [...requests, 1] })).toMatchObject({
      status: 413,
      body: { code: "too-many" },
    });
  });
});

describe("problems", () => {
  test("they come in pages, and each can be named", async () => {
    const ask = createAsk({ task: sums(5) });
    const page = async (query: string) =>
      (await ask("GET", `/v1/items?${query}`)).body as { items: { id: string }[]; next: number | null };
    const { items, next } = await page("split=test&offset=1&limit=3");
    expect(items.map(({ id }) => id.replace(/-[^-]+$/, ""))).toEqual(["test-1", "test-2", "test-3"]);
    expect(items[0]).toMatchObject({
      item: { a: 0, b: 3 },
      messages: [{ role: "user", content: "0 + 3 = ?" }],
    });
    expect(next).toBe(4);
    expect((await page("split=test&offset=4&limit=3")).next).toBe(null);
    const [first] = items;
    expect((await ask("GET", `/v1/items/${first?.id}`)).body).toEqual(first);
    const answered = await ask("POST", "/v1/verify", { id: first?.id, completion: "3" });
    expect(answered.body).toEqual({ kind: "pass", reward: 1 });
  });

  test("an id of another seed names no problem here", async () => {
    const there = (await createAsk({ seed: 7 })("GET", "/v1/items?limit=1")).body as {
      items: { id: string }[];
    };
    const { id = "" } = there.items[0] ?? {};
    const { status, body } = await createAsk()("POST", "/v1/verify", { id, completion: "7" });
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: "unknown-item", detail: expect.stringContaining("the seed") });
  });

  test("a task that holds out all problems has no split train", async () => {
    const ask = createAsk({ task: { ...sums(), testOnly: true } });
    expect((await ask("GET", "/v1/items?limit=1")).body).toMatchObject({ items: [{ item: { b: 1 } }] });
    expect((await ask("GET", "/v1/items?split=train")).status).toBe(404);
  });
});

describe("episodes", () => {
  const start = async (settings: Parameters<typeof createAsk>[0] = {}, more: object = {}) => {
    const ask = createAsk(settings);
    const { status, body } = await ask("POST", "/v1/episodes", { item, ...more });
    const { episode } = body as { episode: string };
    const answer = (turn: string, completion: string) =>
      ask("POST", `/v1/episodes/${episode}`, { turn, completion });
    return { ask, status, body: body as object, episode, answer };
  };

  test("attempt, request for a reflection, retry, reward", async () => {
    const { status, body, answer } = await start();
    expect([status, body]).toMatchObject([
      201,
      { turn: "attempt", maxTokens: 8, messages: [{ content: "2 + 3 = ?" }] },
    ]);
    const { body: asked } = await answer("attempt", "6");
    expect(asked).toMatchObject({
      turn: "reflection",
      maxTokens: 16,
      messages: [{}, { role: "assistant", content: "6" }, { role: "user" }],
    });
    expect(asked).not.toHaveProperty("reward");
    const { body: again } = await answer("reflection", "count on");
    expect(again).toMatchObject({ turn: "retry", messages: [{}, {}, {}, { content: "count on" }, {}] });
    expect((await answer("retry", "5")).body).toMatchObject({
      turn: "done",
      attempt: { kind: "fail", reward: 0 },
      retry: { kind: "pass", reward: 1 },
      reward: 1,
    });
  });

  test("an attempt that passes ends it, and so does one that is not to be reflected on", async () => {
    const solved = await start();
    expect((await solved.answer("attempt", "5")).body).toMatchObject({ turn: "done", reward: 1 });
    const failed = await start({}, { reflects: false });
    expect((await failed.answer("attempt", "6")).body).toMatchObject({ turn: "done", reward: 0 });
  });

  test("a verdict that could not be reached ends it without a reward", async () => {
    const { ask, answer, episode } = await start();
    await answer("attempt", "6");
    await answer("reflection", "hm");
    const { body } = await answer("retry", "throws");
    expect(body).toMatchObject({
      turn: "errored",
      attempt: { kind: "fail" },
      error: { code: "verifier-failed" },
    });
    expect(body).not.toHaveProperty("reward");
    expect((await ask("GET", `/v1/episodes/${episode}`)).body).toEqual(body);
  });

  test("an answer that is repeated counts once, and one for another turn is refused", async () => {
    const { answer } = await start();
    const first = await answer("attempt", "6");
    expect(await answer("attempt", "6")).toEqual(first);
    expect(await answer("attempt", "5")).toMatchObject({ status: 409, body: { code: "wrong-turn" } });
    const [one, other] = await Promise.all([answer("reflection", "hm"), answer("reflection", "hm")]);
    expect(one).toEqual(other);
    expect((await answer("retry", "5")).body).toMatchObject({ reward: 1 });
    expect((await answer("retry", "4")).status).toBe(409);
  });

  test("there is room for so many; those that are over make place", async () => {
    const { ask, answer } = await start({ maxEpisodes: 2 });
    const other = () => ask("POST", "/v1/episodes", { item });
    expect((await other()).status).toBe(201);
    expect(await other()).toMatchObject({ status: 503, body: { code: "too-many-episodes" } });
    await answer("attempt", "5");
    expect((await other()).status).toBe(201);
    expect((await answer("attempt", "5")).status).toBe(404);
  });

  test("one that nobody goes on with is dropped", async () => {
    const { answer } = await start({ episodeSeconds: 0.05 });
    await vi.waitFor(async () => expect((await answer("retry", "5")).status).toBe(404), { interval: 100 });
  });

  test("one that is dropped is gone", async () => {
    const { ask, episode } = await start();
    expect((await ask("DELETE", `/v1/episodes/${episode}`)).status).toBe(204);
    expect((await ask("DELETE", `/v1/episodes/${episode}`)).body).toMatchObject({ code: "unknown-episode" });
  });
});

test("a key that is asked for", async () => {
  const ask = createAsk({ token: "secret" });
  expect(await ask("GET", "/v1/task")).toMatchObject({ status: 401, body: { code: "no-key" } });
});
