/** Runs the built command as a user's shell would. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const bin: string = fileURLToPath(new URL("../bin/rrr.js", import.meta.url));
if (!existsSync(new URL("../dist/bin.js", import.meta.url))) {
  throw new Error("the CLI is not built: run `npm test`, or `node scripts/setup.mjs` first");
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly process: ChildProcess;
  /** Waits for text on either stream. */
  readonly seen: (text: string) => Promise<void>;
  readonly ended: Promise<Finished>;
}

/**
 * @param input all of standard input; undefined leaves it open
 * @param file the command, where it is not this package's own
 */
export function startCli(
  cwd: string,
  args: readonly string[],
  input?: string,
  file: string = bin,
  env: Readonly<Record<string, string>> = {},
): Started {
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env: { ...process.env, RRR_DEBUG: "", ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  if (input !== undefined) child.stdin.end(input);
  const ended = new Promise<Finished>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const seen = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => (stdout + stderr).includes(text) && resolve();
      for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
      child.on("close", () => reject(new Error(`ended without ${JSON.stringify(text)}: ${stdout}${stderr}`)));
      look();
    });
  return { process: child, seen, ended };
}

export function runCli(
  cwd: string,
  args: readonly string[],
  input = "",
  file: string = bin,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return startCli(cwd, args, input, file, env).ended;
}

/** What starting and ending a process that does nothing takes on this machine at this moment. */
export async function idleProcessMs(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, ["-e", "0"]);
  await once(child, "close");
  return performance.now() - started;
}
