import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { divertFiles, keepOpen } from "./divert-files.ts";

/**
 * Gives this thread standard error for standard output: a plugin that prints, and programs that it starts with its own
 * streams, must not get into what another program reads. So is what it writes to descriptor 1 by `fs`. Only native code and
 * threads that a plugin starts get past it. Who has results to write keeps the stream that `process.stdout` was before.
 */
export function divertOutput(): void {
  Object.defineProperty(process, "stdout", { configurable: true, get: () => process.stderr });
  divertFiles(WRITERS, toStandardError);
  keepOpen(1, 2);
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

/** Functions of `fs` whose first argument says where they write. */
const WRITERS = ["appendFile", "createWriteStream", "open", "write", "writeFile", "writev"];
/** What people call standard output where a path is wanted. */
const STANDARD_OUTPUT = /^\/(?:dev\/stdout|(?:dev|proc\/self)\/fd\/1)$/;

function toStandardError(target: unknown): unknown {
  if (target === 1) return 2;
  return typeof target === "string" && STANDARD_OUTPUT.test(target) ? "/dev/stderr" : target;
}

interface Spawning {
  spawn(this: unknown, options: unknown): unknown;
}

/** Options of a new process whose standard streams would be ours. Anything else is as it was. */
function diverted<Value>(options: Value): Value {
  if (typeof options !== "object" || options === null || !("stdio" in options)) return options;
  const { stdio } = options;
  const [input, output, ...others] = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
  const isOurInput = input === "inherit" || input === 0;
  const isOurOutput = output === "inherit" || output === 1;
  if (!isOurInput && !isOurOutput) return options;
  return { ...options, stdio: [isOurInput ? "ignore" : input, isOurOutput ? 2 : output, ...others] };
}
