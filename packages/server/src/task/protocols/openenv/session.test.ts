import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { sums } from "../../../../test/sums-task.ts";
import { createTaskHandler, listen, type TaskServerSettings } from "../../../index.ts";

type Said = { readonly type: string; readonly data: Record<string, unknown> };

async function connect(settings: Partial<TaskServerSettings> = {}, headers: Record<string, string> = {}) {
  const { handle, sockets } = createTaskHandler({
    task: sums(),
    protocol: "openenv",
    ...(settings as object),
  });
  const server = await listen(handle, { sockets });
  onTestFinished(() => server.close());
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, { headers });
  const heard: Said[] = [];
  socket.on("message", (data) => heard.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  const ask = async (message: unknown): Promise<Said> => {
    const before = heard.length;
    socket.send(typeof message === "string" ? message : JSON.stringify(message));
    await expect.poll(() => heard.length).toBe(before + 1);
    return heard[before] as Said;
  };
  return { ask, socket, closed, heard, server };
}

const step = (completion: unknown) => ({ type: "step", data: { completion } });

test("an episode in a session", async () => {
  const { ask } = await connect();
  expect(await ask({ type: "state" })).toMatchObject({
    type: "state",
    data: { episode_id: null, step_count: 0 },
  });
  const reset = await ask({ type: "reset", data: { seed: 2, episode_id: "mine" } });
  expect(reset).toMatchObject({
    type: "observation",
    data: { observation: { turn: "attempt" }, reward: null, done: false },
  });
  expect(await ask(step("3"))).toMatchObject({ data: { observation: { turn: "reflection" }, reward: 0 } });
  expect(await ask(step("hm"))).toMatchObject({ data: { observation: { turn: "retry" }, reward: null } });
  expect(await ask({ type: "state" })).toMatchObject({
    data: { episode_id: "mine", step_count: 2, turn: "retry" },
  });
  expect(await ask(step("4"))).toMatchObject({
    data: { observation: { turn: "done" }, reward: 1, done: true },
  });
});

test.each([
  ["{", "INVALID_JSON"],
  ["[]", "VALIDATION_ERROR"],
  [{ type: "mcp", data: {} }, "UNKNOWN_TYPE"],
  [{ data: {} }, "UNKNOWN_TYPE"],
  [step("4"), "VALIDATION_ERROR"],
  [{ type: "reset", data: { seed: "2" } }, "VALIDATION_ERROR"],
  [{ type: "reset", data: { seed: -1 } }, "VALIDATION_ERROR"],
  [{ type: "reset", data: { split: "all" } }, "VALIDATION_ERROR"],
  [{ type: "reset", data: { id: "train-0-00000000" } }, "VALIDATION_ERROR"],
])("%j is an error, and the session goes on", async (message, code) => {
  const { ask } = await connect();
  expect(await ask(message)).toMatchObject({ type: "error", data: { code } });
  expect(await ask({ type: "reset" })).toMatchObject({ type: "observation" });
});

test("a verdict that could not be reached is an error, never a reward", async () => {
  const { ask } = await connect();
  await ask({ type: "reset", data: { seed: 2 } });
  expect(await ask(step(4))).toMatchObject({ type: "error", data: { code: "VALIDATION_ERROR" } });
  expect(await ask(step("throws"))).toMatchObject({
    type: "error",
    data: { code: "EXECUTION_ERROR", reason: "verifier-failed" },
  });
  expect(await ask(step("4"))).toMatchObject({ type: "error" });
});

test("bytes that are no text, and messages that are too large, end the session", async () => {
  const binary = await connect();
  binary.socket.send(Buffer.from([1, 2]));
  expect(await binary.closed).toBe(1003);
  const large = await connect({ maxBodyBytes: 1_000 });
  large.socket.send("x".repeat(2_000));
  expect(await large.closed).toBe(1009);
});

test("a client that sends without waiting is let go", async () => {
  const { socket, closed } = await connect();
  for (let i = 0; i < 50; i++) socket.send(JSON.stringify({ type: "reset" }));
  expect(await closed).toBe(1008);
});

test("a server that ends answers what is under way first", async () => {
  const slow = { ...sums(), verify: () => new Promise<never>(() => {}) };
  const { socket, heard, closed, server, ask } = await connect({ task: slow as never, verifyTimeoutMs: 500 });
  await ask({ type: "reset" });
  socket.send(JSON.stringify(step("0")));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await server.close(10_000);
  expect(await closed).toBe(1001);
  expect(heard.at(-1)).toMatchObject({ type: "error", data: { reason: "verifier-timeout" } });
});

test("a server that ends says so", async () => {
  const { closed, server } = await connect();
  await server.close(5_000);
  expect(await closed).toBe(1001);
});

test("who has no key is not let in", async () => {
  await expect(connect({ token: "secret" })).rejects.toThrow("401");
  await connect({ token: "secret" }, { authorization: "Bearer secret" });
});
