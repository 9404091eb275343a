import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { listServerModels } from "./server-models.ts";

/** A server that knows its key, and answers `/v1/models` as it is told. @returns its base URL */
async function serve(answer: (response: ServerResponse, key: string | undefined) => void): Promise<string> {
  const server = createServer(({ url, headers }, response) => {
    if (url === "/v1/models") answer(response, headers.authorization);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test("names in alphabetical order, asked for with the key of the environment", async () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-secret");
  onTestFinished(() => void vi.unstubAllEnvs());
  const keys: unknown[] = [];
  const baseURL = await serve((response, key) => {
    keys.push(key);
    response.end(JSON.stringify({ object: "list", data: [{ id: "b" }, { id: "a", object: "model" }] }));
  });
  expect(await listServerModels({ baseURL })).toEqual(["a", "b"]);
  expect(await listServerModels({ baseURL: `${baseURL}/`, apiKey: "other" })).toEqual(["a", "b"]);
  expect(keys).toEqual(["Bearer sk-secret", "Bearer other"]);
});

test.each<[string, (response: ServerResponse) => void, string]>([
  ["an error", (response) => response.writeHead(401).end("{}"), "HTTP 401"],
  ["HTML", (response) => response.end("<html>"), "no list of models"],
  ["another form", (response) => response.end('{"data":[{"name":"a"}]}'), "no list of models"],
  [
    "a cut body",
    (response) => response.writeHead(200, { "content-length": 50 }).write("{", () => response.destroy()),
    "does not match content-length",
  ],
  ["silence", () => {}, "timeout"],
  [
    "a list without end",
    (response) => {
      const timer = setInterval(() => response.write(" ".repeat(2 ** 20)), 1);
      response.on("close", () => clearInterval(timer));
    },
    "no list of models",
  ],
])("%s is no list", async (_, answer, message) => {
  const baseURL = await serve(answer);
  await expect(listServerModels({ baseURL, timeoutMs: 2_000 })).rejects.toMatchObject({
    code: "model-failed",
    message: expect.stringContaining(message),
  });
});

test("nobody is there", async () => {
  const listed = listServerModels({ baseURL: "http://127.0.0.1:1/v1" });
  await expect(listed).rejects.toMatchObject({
    code: "model-failed",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});
