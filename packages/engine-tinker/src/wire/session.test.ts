import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { createConnection } from "./connection.ts";
import { keyHeaders, serverAddress } from "./server-address.ts";
import { openSession } from "./session.ts";

/** A server in a thread of its own: this one is busy. */
const SERVER = `
const { parentPort } = require("node:worker_threads");
let beats = 0;
const server = require("node:http").createServer((request, response) => {
  if (request.url.endsWith("session_heartbeat") && request.headers["x-api-key"] === "tml-1") beats++;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ session_id: "s", beats }));
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

test("heartbeats come from a thread: a program that is busy for seconds sends them all the same", async () => {
  const server = new Worker(SERVER, { eval: true });
  const [port] = (await once(server, "message")) as [number];
  const root = serverAddress(`http://127.0.0.1:${port}`);
  const connection = createConnection(root, keyHeaders("tml-1"));
  const session = await openSession(connection, root, keyHeaders("tml-1"), 0.05);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
  const reply = await connection.post("session_heartbeat", {});
  expect(JSON.parse(new TextDecoder().decode(reply.bytes)).beats).toBeGreaterThan(10);
  await session.close();
  await server.terminate();
});
