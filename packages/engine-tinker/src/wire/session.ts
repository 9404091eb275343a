import { Worker } from "node:worker_threads";
import { textOf } from "@rrr/tinker-protocol";
import type { Connection } from "./connection.ts";
import { jsonOf, read } from "./futures.ts";

/** Models of ours are kept on the server while heartbeats come. */
export interface Session {
  readonly id: string;
  close(): Promise<void>;
}

/**
 * In a thread: a program that is busy for minutes, with graphs of its own or a verifier, still sends them. As text,
 * because a thread's file would have to be found from the sources and from a bundle alike.
 */
const HEARTBEATS = `
const { workerData } = require("node:worker_threads");
const { url, headers, body, milliseconds } = workerData;
const signal = () => AbortSignal.timeout(milliseconds);
setInterval(() => {
  fetch(url, { method: "POST", headers, body, redirect: "error", signal: signal() })
    .then((response) => response.arrayBuffer())
    .catch(() => {});
}, milliseconds);
`;

/** @param root and @param key as of `createConnection` @param heartbeat seconds between two */
export async function openSession(
  connection: Connection,
  root: URL,
  key: Readonly<Record<string, string>>,
  heartbeat: number,
): Promise<Session> {
  // Fields that are null are left out: some servers refuse them.
  const asked = { tags: [], sdk_version: "0.25.0", type: "create_session" };
  const answer = jsonOf(await connection.post("create_session", asked), "create_session");
  const id = read(() => textOf(answer.session_id, "session_id"));
  const worker = new Worker(HEARTBEATS, {
    eval: true,
    execArgv: [],
    env: {},
    workerData: {
      url: new URL("session_heartbeat", root).href,
      headers: { "content-type": "application/json", ...key },
      body: JSON.stringify({ session_id: id, type: "session_heartbeat" }),
      milliseconds: 1000 * heartbeat,
    },
  });
  worker.unref();
  return {
    id,
    async close() {
      await worker.terminate();
    },
  };
}
