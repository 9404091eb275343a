import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { createFaultProxy, type Fault, type ProxiedRequest } from "../test/fault-proxy.ts";
import { startOwnServer } from "../test/own-server.ts";
import { ADAM, POLICY, sampledData, takeSteps } from "../test/steps.ts";
import { createTinkerEngine } from "./index.ts";

/** Steps on a server behind faults. */
async function stepsBehind(steps: number, plan: (request: ProxiedRequest) => Fault | undefined) {
  const server = await startOwnServer();
  const proxy = await createFaultProxy(server.url, plan);
  const engine = await createTinkerEngine({ ...server.settings, baseUrl: proxy.url });
  const reports = await takeSteps(engine, steps);
  const logprobs = await engine.forward(await sampledData(engine, 100));
  await engine.close();
  await proxy.close();
  await server.close();
  return { reports, logprobs, faults: proxy.faults };
}

const undisturbed = (steps: number) => stepsBehind(steps, () => undefined);

describe("a step is never lost and never done twice", () => {
  test("200 connections break, at any point of a step", async () => {
    const random = createRandom(5);
    let left = 200;
    const disturbed = await stepsBehind(24, ({ path }) => {
      if (left === 0 || path === "session_heartbeat" || random.next() < 0.6) return undefined;
      left--;
      return random.pick(["lost-request", "lost-answer", "cut-answer"]);
    });
    expect(disturbed.faults.length).toBe(200);
    const { reports, logprobs } = await undisturbed(24);
    expect(disturbed.reports).toEqual(reports);
    expect(disturbed.logprobs).toEqual(logprobs);
  }, 240_000);

  test.each<Fault>(["twice", "page", 408, 429, 503])("%s, every other request", async (fault) => {
    const disturbed = await stepsBehind(2, ({ index }) => (index % 2 === 1 ? fault : undefined));
    expect(disturbed.faults.length).toBeGreaterThan(10);
    const { reports, logprobs } = await undisturbed(2);
    expect(disturbed).toMatchObject({ reports, logprobs });
  });

  test.each<Fault>(["later", "gone"])("results that are %s at first", async (fault) => {
    let polls = 0;
    const disturbed = await stepsBehind(2, ({ path }) =>
      path === "retrieve_future" && polls++ % 2 === 0 ? fault : undefined,
    );
    expect(disturbed.faults.length).toBeGreaterThan(10);
    const { reports, logprobs } = await undisturbed(2);
    expect(disturbed).toMatchObject({ reports, logprobs });
  });
});

test("a server of the era of JSON is found out", async () => {
  const server = await startOwnServer();
  const proxy = await createFaultProxy(server.url, ({ type }) =>
    type === "application/x-protobuf" ? 415 : undefined,
  );
  const engine = await createTinkerEngine({ ...server.settings, baseUrl: proxy.url });
  expect((await takeSteps(engine, 1)).length).toBe(1);
  expect(proxy.faults).toEqual([415]);
  await engine.close();
  await proxy.close();
  await server.close();
});

test("a server that was started again goes on from its checkpoints, bit for bit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rrr-checkpoints-"));
  const first = await startOwnServer({ folder });
  const before = await createTinkerEngine(first.settings);
  await takeSteps(before, 1);
  const state = await before.saveState("");
  const version = await before.weightsVersion();
  const reports = await takeSteps(before, 1);
  await before.close();
  await first.close();

  const second = await startOwnServer({ folder });
  const after = await createTinkerEngine(second.settings);
  await after.loadState(state);
  expect(await after.weightsVersion()).toBe(version);
  expect(await takeSteps(after, 1)).toEqual(reports);
  await after.close();
  await second.close();
  await rm(folder, { recursive: true });
});

test("a model whose session is gone is an error that says so, and no step is taken for done", async () => {
  const server = await startOwnServer({ sessionSeconds: 2 });
  let isCut = false;
  const proxy = await createFaultProxy(server.url, ({ path }) =>
    isCut && path === "session_heartbeat" ? "lost-request" : undefined,
  );
  const engine = await createTinkerEngine({ ...server.settings, baseUrl: proxy.url, heartbeat: 0.2 });
  const data = await sampledData(engine, 1);
  isCut = true;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const late = engine.forwardBackward(data, POLICY).then(() => engine.optimStep(ADAM));
  await expect(late).rejects.toMatchObject({
    code: "model-failed",
    message: expect.stringContaining("its session sent no heartbeat"),
  });
  await engine.close();
  await proxy.close();
  await server.close();
});

test("no server, no name, no key: what is wrong is said at once", async () => {
  const server = await startOwnServer({ token: "tml-secret" });
  const open = (change: object) => createTinkerEngine({ ...server.settings, ...change });
  await expect(open({})).rejects.toMatchObject({
    code: "model-failed",
    hint: expect.stringContaining("TINKER_API_KEY"),
  });
  const wrong = open({ apiKey: "tml-wrong" });
  await expect(wrong).rejects.toThrow("401");
  await expect(wrong).rejects.not.toThrow("tml-wrong");
  await expect(open({ apiKey: "tml-secret", model: "other" })).rejects.toMatchObject({
    code: "bad-model",
    hint: "Give --model one of: micro.",
  });
  const engine = await open({ apiKey: "tml-secret" });
  expect(engine.contextLength).toBe(128);
  await engine.close();
  await server.close();
  await expect(open({})).rejects.toMatchObject({
    code: "model-failed",
    hint: expect.stringContaining("started"),
  });
});

test("a server that is gone is waited for, with a word, and not at the end", async () => {
  const server = await startOwnServer();
  let isGone = false;
  const proxy = await createFaultProxy(server.url, () => (isGone ? "lost-request" : undefined));
  const engine = await createTinkerEngine({ ...server.settings, baseUrl: proxy.url });
  const data = await sampledData(engine, 1);
  expect(engine.waitsFor?.()).toBeUndefined();
  isGone = true;
  const scores = engine.forward(data);
  await expect
    .poll(() => engine.waitsFor?.(), { timeout: 20_000 })
    .toMatch(/^127\.0\.0\.1:\d+ \(fetch failed: /);
  isGone = false;
  expect((await scores).length).toBe(data.length);
  expect(engine.waitsFor?.()).toBeUndefined();
  isGone = true;
  const started = performance.now();
  await engine.close();
  expect(performance.now() - started).toBeLessThan(30_000);
  await proxy.close();
  await server.close();
});
