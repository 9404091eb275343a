import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { isLocalAddress } from "./is-local-address.ts";
import { servedModel } from "./served-model.ts";

/** @returns its origin */
async function serve(paths: Readonly<Record<string, () => unknown>>): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    const answer = paths[url]?.();
    if (answer === undefined) response.writeHead(404).end();
    else if (answer !== "silence") response.end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const now = (): number => Math.floor(Date.now() / 1000);
const settings = { timeoutMs: 1_000 };

test("vLLM: what it serves, without the time of the request", async () => {
  const origin = await serve({
    "/v1/models": () => ({
      data: [
        { id: "m", created: now(), owned_by: "vllm", root: "/models/a", parent: null, permission: [{}] },
      ],
    }),
  });
  expect(await servedModel(`${origin}/v1`, "m", settings)).toEqual({
    ...{ id: "m", owned_by: "vllm", root: "/models/a" },
  });
});

test("Ollama: when the model was made", async () => {
  const origin = await serve({
    "/v1/models": () => ({
      data: [
        { id: "other", created: 1 },
        { id: "m", created: 1_700_000_000, owned_by: "library" },
      ],
    }),
  });
  expect(await servedModel(`${origin}/v1`, "m", settings)).toEqual({
    ...{ id: "m", created: 1_700_000_000, owned_by: "library" },
  });
});

test("llama.cpp, under any name: the weights, the file and the build", async () => {
  const meta = { n_vocab: 32_000, n_params: 7, size: 12 };
  const origin = await serve({
    "/v1/models": () => ({ data: [{ id: "a.gguf", created: now(), owned_by: "llamacpp", meta }] }),
    "/props": () => ({
      model_path: "/models/a.gguf",
      build_info: "b1-x",
      total_slots: 4,
      chat_template: "x".repeat(5_000),
    }),
  });
  expect(await servedModel(`${origin}/v1`, "any", settings)).toEqual({
    ...{ id: "a.gguf", owned_by: "llamacpp", meta, model_path: "/models/a.gguf", build_info: "b1-x" },
    chat_template: expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
  });
});

test.each<[string, () => unknown]>([
  ["no list", () => undefined],
  ["another form", () => ({ models: [] })],
  ["other models alone", () => ({ data: [{ id: "a" }, { id: "b" }] })],
  ["silence", () => "silence"],
])("%s says nothing", async (_, list) => {
  const origin = await serve({ "/v1/models": list });
  expect(await servedModel(`${origin}/v1`, "m", { timeoutMs: 300 })).toBeUndefined();
});

test("which addresses are one's own", () => {
  const own = ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "10.0.0.7", "192.168.1.2", "172.20.0.3"];
  own.push("0.0.0.0", "[fd00::1]", "[fe80::1]", "vllm", "gpu.local", "host.docker.internal", "100.64.0.1");
  for (const host of own) expect([host, isLocalAddress(`http://${host}:8080/v1`)]).toEqual([host, true]);
  const others = ["api.openai.com", "8.8.8.8", "172.32.0.1", "192.169.1.1", "[2001:db8::1]", "local.ai"];
  others.push("127.0.0.1.example.com", "localhost.example.com", "100.128.0.1");
  for (const host of others) expect([host, isLocalAddress(`https://${host}/v1`)]).toEqual([host, false]);
});
