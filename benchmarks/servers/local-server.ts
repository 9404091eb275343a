import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "./child.ts";

/** A server that runs until it is closed. */
export interface LocalServer {
  /** Up to and including the version, where its paths have one. */
  readonly baseURL: string;
  close(): Promise<void>;
}

const startMs = 300_000;

/**
 * Starts a server on a free port and waits until it answers.
 * @param ready what it answers once it is ready
 * @throws what it wrote, if it ends before that or takes too long
 */
export async function startServer(
  command: string,
  args: (port: number) => readonly string[],
  ready: string,
): Promise<LocalServer> {
  const port = await freePort();
  // Threads gain nothing on so small a model, and on a busy machine they wait for each other.
  const env = { HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1" };
  const child = startChild(command, args(port), { env });
  await untilReady(`http://127.0.0.1:${port}${ready}`, [child]);
  return { baseURL: `http://127.0.0.1:${port}/v1`, close: child.end };
}

/** Waits until an address answers. @throws what the programs wrote, which are ended then, if one ends or they take too long */
export async function untilReady(url: string, children: readonly Child[]): Promise<void> {
  const start = performance.now();
  while (!(await answers(url))) {
    if (children.every((child) => child.isRunning()) && performance.now() - start < startMs) await sleep(500);
    else {
      await Promise.all(children.map((child) => child.end()));
      throw new Error(`${url} does not answer:\n${children.map((child) => child.output()).join("\n")}`);
    }
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
