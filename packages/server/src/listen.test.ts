import { request } from "node:http";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

const hello = async (): Promise<Response> => Response.json({ ok: true });

/** `fetch` does not let its caller choose these. */
function statusFor(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("a server of this machine answers its programs, and no page or name from elsewhere", async () => {
  const server = await listen(hello);
  expect(await statusFor(server.url, {})).toBe(200);
  expect(await statusFor(server.url, { host: "evil.example" })).toBe(403);
  expect(await statusFor(server.url, { origin: "https://evil.example" })).toBe(403);
  expect(await statusFor(server.url, { origin: "http://localhost:3000" })).toBe(200);
  await server.close();
});

test("an address that others reach needs a token", async () => {
  await expect(listen(hello, { host: "0.0.0.0" })).rejects.toMatchObject({ code: "bad-argument" });
});

test("a port that is taken is named", async () => {
  const server = await listen(hello);
  const port = Number(new URL(server.url).port);
  await expect(listen(hello, { port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  await server.close();
});
