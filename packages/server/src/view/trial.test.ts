import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, type Model, pass, type Task } from "@rrr/core";
import countdown from "@rrr/task-countdown";
import { expect, onTestFinished, test } from "vitest";
import type { TrialEvent } from "./api.ts";
import { createViewHandler } from "./handler.ts";
import { createRunLibrary } from "./run-library.ts";
import { createTrial } from "./trial.ts";

const TOKEN = "t";

/** Says an even number from its third answer on. */
function counting(): Model {
  let answers = 0;
  return {
    id: "counting",
    generate: async (_, { n = 1 }) =>
      Array.from({ length: n }, () => ({ text: String(answers++ * 2 - 3), finish: "stop" }) as const),
  };
}

const EVEN: Task = {
  spec: "rrr/task@1",
  name: "even",
  schema: {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) =>
        typeof value === "object" ? { value } : { issues: [{ message: "must be an object" }] },
    },
  },
  items: () => [{ n: 1 }],
  prompt: () => [{ role: "user", content: "An even number?" }],
  verify: (_, text) => (text === "1" ? pass() : fail("wrong", `it was ${text}`)),
  reflect: () => "Why?",
  limits: { attempt: 5, reflection: 5 },
};

function page(trial?: Parameters<typeof createTrial>[0]) {
  const cwd = mkdtempSync(join(tmpdir(), "rrr-try-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const { handle, close } = createViewHandler({
    ...{ runs: createRunLibrary([], cwd), assets: new Map(), token: TOKEN, indexes: join(cwd, "cache") },
    ...(trial === undefined ? {} : { trial: createTrial(trial) }),
  });
  onTestFinished(close);
  return (path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    handle(
      new Request(`http://localhost/api/${path}`, {
        headers: {
          host: "127.0.0.1:1",
          "x-rrr-token": TOKEN,
          "content-type": "application/json",
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
}

test("an answer gets the task's verdict, and a problem that is none is refused", async () => {
  const ask = page({ task: countdown() as Task });
  expect(await (await ask("try")).json()).toEqual({
    kind: "trial",
    task: "countdown",
    shows: { item: true, answer: true },
  });
  const { item } = (await (await ask("try/item?seed=3")).json()) as { item: { numbers: readonly number[] } };
  expect(item.numbers.length).toBeGreaterThan(1);
  const given = { numbers: [25, 7, 8], target: 24 };
  const right = await ask("try/verify", { item: given, answer: "<answer>25 + 7 - 8</answer>" });
  expect(await right.json()).toEqual({ kind: "pass" });
  const wrong = await ask("try/verify", { item: given, answer: "<answer>25 + 7 + 8</answer>" });
  expect(await wrong.json()).toMatchObject({ kind: "fail", code: "wrong-value" });
  expect((await ask("try/verify", { item: { numbers: "x" }, answer: "" })).status).toBe(422);
  expect((await ask("try/episode", { item: given })).status).toBe(200);
});

test("an episode comes turn by turn: attempt, verdict, reflection, retry, verdict", async () => {
  const ask = page({ task: EVEN, model: counting() });
  const response = await ask("try/episode", { item: { n: 1 }, seed: 1 });
  const events = (await response.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TrialEvent);
  expect(events.map((event) => ("role" in event ? `${event.kind} ${event.role}` : event.kind))).toEqual([
    ...["asked attempt", "answer attempt", "verdict"],
    ...["asked reflection", "answer reflection", "asked retry", "answer retry", "verdict", "end"],
  ]);
  expect(events).toContainEqual({
    kind: "verdict",
    verdict: { kind: "fail", code: "wrong", detail: "it was -3" },
  });
  expect(events.at(-2)).toEqual({ kind: "verdict", verdict: { kind: "pass" } });
});

test("nothing is tried without the token, from another page, or where nothing was named", async () => {
  const ask = page({ task: EVEN, model: counting() });
  const body = { item: { n: 1 }, answer: "1" };
  expect((await ask("try/verify", body, { "x-rrr-token": "" })).status).toBe(401);
  expect((await ask("try/verify", body, { origin: "http://evil.example" })).status).toBe(403);
  expect((await ask("try/verify", body, { "content-type": "text/plain" })).status).toBe(400);
  expect((await ask("try/verify", "{")).status).toBe(400);
  expect((await ask("try/verify", "1")).status).toBe(400);
  expect((await ask("try/nothing", body)).status).toBe(404);
  const none = page();
  expect(await (await none("try")).json()).toEqual({ kind: "none" });
  expect((await none("try/verify", body)).status).toBe(404);
  const alone = page({ task: EVEN });
  expect(await (await alone("try/episode", body)).text()).toContain("no model was named");
});
