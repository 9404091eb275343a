import { request } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Refusal } from "./http/refusal.ts";
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

/** What a server says to bytes; they may be no HTTP. */
function say(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(bytes));
    let said = "";
    socket.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    socket.on("close", () => resolve(said)).on("error", reject);
  });
}

test.each([
  ["OPTIONS * HTTP/1.1", 400],
  ["GET http://elsewhere/x HTTP/1.1", 400],
  ["TRACE / HTTP/1.1", 405],
  ["NONSENSE", 400],
])("%s is answered with %i", async (line, status) => {
  const server = await listen(hello);
  onTestFinished(() => server.close());
  const said = await say(server.url, `${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test("a client reads why its body was refused, however much of it is still to come", async () => {
  const server = await listen(async () => Response.json({ why: "too large" }, { status: 413 }));
  onTestFinished(() => server.close());
  const response = await fetch(server.url, {
    method: "POST",
    body: new Uint8Array(20_000_000),
    headers: { connection: "close" },
  });
  expect([response.status, await response.json()]).toEqual([413, { why: "too large" }]);
});

test("what is under way is answered before a server ends; nothing new is", async () => {
  let answer: (() => void) | undefined;
  const server = await listen(async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return Response.json({ ok: true });
  });
  const asked = fetch(server.url);
  await expect.poll(() => answer).toBeDefined();
  const closed = server.close(10_000);
  await expect(fetch(server.url)).rejects.toThrow();
  answer?.();
  expect(await (await asked).json()).toEqual({ ok: true });
  await closed;
});

test("a client that went away is not waited for", async () => {
  const aborted: boolean[] = [];
  const server = await listen(
    ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          aborted.push(true);
          resolve(Response.json({}));
        });
      }),
  );
  onTestFinished(() => server.close());
  await expect(fetch(server.url, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
  await expect.poll(() => aborted).toEqual([true]);
});

test("a refusal of who opens a WebSocket has its status; where there are none, nobody is let in", async () => {
  const sockets = {
    maxMessageBytes: 1_000,
    open: () => {
      throw new Refusal(401, "no");
    },
  };
  const upgrade =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const refusing = await listen(hello, { sockets });
  onTestFinished(() => refusing.close());
  expect(await say(refusing.url, `${upgrade}\r\n`)).toMatch(/^HTTP\/1.1 401 /);
  expect(await say(refusing.url, `${upgrade}Origin: https://evil.example\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 403 /,
  );
});
