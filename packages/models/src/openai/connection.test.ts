import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { createReplyServer, sendJson, toChat } from "../../test/reply-server.ts";
import { createOpenAIModel } from "./openai-model.ts";

const options = { maxTokens: 16, temperature: 0, seed: 1 };
const open: { close(): unknown }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of open.splice(0)) await each.close();
});

async function listen(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  return { server, port: (server.address() as AddressInfo).port };
}

it("gives up a connection that is not there yet when it is aborted", async () => {
  const { port } = await listen(() => {});
  const model = createOpenAIModel({ model: "m", baseURL: `https://127.0.0.1:${port}/v1` });
  open.unshift(model);
  const started = performance.now();
  const signal = AbortSignal.timeout(100);
  await expect(model.generate([], { ...options, signal })).rejects.toMatchObject({ code: "aborted" });
  expect(performance.now() - started).toBeLessThan(3_000);
});

it("says what went wrong where none of a name's addresses answers", async () => {
  const { port, server } = await listen(() => {});
  await new Promise((resolve) => server.close(resolve));
  const model = createOpenAIModel({ model: "m", baseURL: `http://localhost:${port}/v1` });
  open.splice(0, open.length, model);
  await expect(model.generate([], options)).rejects.toThrow(/: .*ECONNREFUSED/);
});

it("does not ask again where https is spoken to a server of http", async () => {
  const server = await createReplyServer((_, response) => response.end());
  open.push(server);
  const model = createOpenAIModel({ model: "m", baseURL: server.url.replace("http:", "https:") });
  open.unshift(model);
  await expect(model.generate([], options)).rejects.toMatchObject({
    code: "model-failed",
    hint: expect.stringContaining("http or https"),
  });
});

it("asks a server elsewhere through the environment's proxy, and one on this machine directly", async () => {
  const server = await createReplyServer((_, response) => sendJson(response, 200, toChat({ content: "4" })));
  const { port: serverPort } = new URL(server.url);
  let tunnels = 0;
  const { port } = await listen((socket) => {
    tunnels++;
    socket.once("data", () => {
      const onward = connect(Number(serverPort), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
  });
  vi.stubEnv("HTTP_PROXY", `http://127.0.0.1:${port}`);
  vi.stubEnv("http_proxy", `http://127.0.0.1:${port}`);
  vi.stubEnv("no_proxy", undefined);
  vi.stubEnv("NO_PROXY", undefined);

  const near = createOpenAIModel({ model: "m", baseURL: server.url });
  expect(await near.generate([], options)).toMatchObject([{ text: "4" }]);
  expect(tunnels).toBe(0);

  const far = createOpenAIModel({ model: "m", baseURL: "http://model.invalid/v1" });
  expect(await far.generate([], options)).toMatchObject([{ text: "4" }]);
  expect(tunnels).toBe(1);
  open.unshift(near, far, server);
});
