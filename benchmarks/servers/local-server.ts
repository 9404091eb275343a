import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server that runs until it is closed. */
export interface LocalServer {
  /** Up to and including the version. */
  readonly baseURL: string;
  close(): Promise<void>;
}

const startMs = 300_000;
/** Characters of a server's output that are shown when it does not start. */
const shown = 2000;

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
  const child = spawn(command, args(port), {
    stdio: ["ignore", "pipe", "pipe"],
    // Threads gain nothing on so small a model, and on a busy machine they wait for each other.
    env: { ...process.env, HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output = (output + data.toString()).slice(-shown);
    });
  }
  const exited = once(child, "exit");
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const close = async (): Promise<void> => {
    if (isRunning()) child.kill("SIGKILL");
    await exited;
  };
  const start = performance.now();
  while (!(await answers(`http://127.0.0.1:${port}${ready}`))) {
    if (isRunning() && performance.now() - start < startMs) await sleep(500);
    else {
      await close();
      throw new Error(`${command} ${args(port).join(" ")} did not start:\n${output}`);
    }
  }
  return { baseURL: `http://127.0.0.1:${port}/v1`, close };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
