import { spawn } from "node:child_process";
import { once } from "node:events";

/** A program that runs beside this one, with all that it starts itself. */
export interface Child {
  /** The end of what it has written. */
  output(): string;
  isRunning(): boolean;
  /** Ends its whole group of processes. */
  end(): Promise<void>;
}

/** Characters of a program's output that are kept. */
const KEPT = 4000;

export function startChild(
  command: string,
  args: readonly string[],
  { env = {}, cwd }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Child {
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output = (output + data.toString()).slice(-KEPT);
    });
  }
  child.on("error", ({ message }) => {
    output += message;
  });
  const ended = once(child, "exit").catch(() => undefined);
  const isRunning = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // The whole group is gone.
    }
  };
  // Before folders that it writes to are removed.
  process.prependOnceListener("exit", kill);
  return {
    output: () => output,
    isRunning,
    async end() {
      process.off("exit", kill);
      kill();
      if (isRunning()) await ended;
    },
  };
}
