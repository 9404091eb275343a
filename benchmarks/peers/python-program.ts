import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A Python program that answers each line with one line of JSON. */
export interface PythonProgram {
  /** What it says of itself at its start. */
  readonly greeting: Readonly<Record<string, unknown>>;
  ask(question: string): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** @throws if it ends before it has said something */
export async function startPython(python: string, args: readonly string[]): Promise<PythonProgram> {
  const child = spawn(python, ["-W", "ignore", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, HF_HUB_OFFLINE: "1", TOKENIZERS_PARALLELISM: "false" },
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Readonly<Record<string, unknown>>> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${args[0]} ended`);
    return JSON.parse(value);
  };
  return {
    greeting: await next(),
    async ask(question) {
      child.stdin.write(`${question}\n`);
      return next();
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
