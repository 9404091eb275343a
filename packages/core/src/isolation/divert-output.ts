import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/**
 * Gives this thread standard error for standard output: a plugin that prints, and programs that it starts with its own
 * streams, must not get into what another program reads. Only what writes to the file descriptor itself gets past it.
 * Who has results to write keeps the stream that `process.stdout` was before.
 */
export function divertOutput(): void {
  Object.defineProperty(process, "stdout", { configurable: true, get: () => process.stderr });
  // Everything that starts a program and does not wait for it.
  const { ChildProcess } = childProcess as unknown as { ChildProcess: { prototype: Spawning } };
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (this: unknown, options) {
    return spawn.call(this, diverted(options));
  };
  for (const name of ["spawnSync", "execFileSync", "execSync"] as const) {
    const start = childProcess[name] as (...args: unknown[]) => unknown;
    Object.assign(childProcess, { [name]: (...args: unknown[]) => start(...args.map(diverted)) });
  }
  syncBuiltinESMExports();
}

interface Spawning {
  spawn(this: unknown, options: unknown): unknown;
}

/** Options of a new process whose standard output would be ours. Anything else is as it was. */
function diverted<Value>(options: Value): Value {
  if (typeof options !== "object" || options === null || !("stdio" in options)) return options;
  const { stdio } = options;
  const [input, output, ...others] = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
  return output === "inherit" || output === 1 ? { ...options, stdio: [input, 2, ...others] } : options;
}
