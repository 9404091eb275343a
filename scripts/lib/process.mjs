/** Starting other programs from the scripts of this folder, with signals passed on and nothing left behind. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const isWindows = process.platform === "win32";
const running = new Set();

/** A failure that the user can act on: printed without a stack. */
export class ScriptError extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Runs a program to its end. It gets a process group of its own, so that one signal reaches everything that it
 * started: npx -> pnpm -> tsup -> esbuild.
 * @returns its exit code
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: "inherit",
      detached: !isWindows,
      // npm and npx are .cmd files on Windows, which only a shell can start.
      shell: isWindows && command !== process.execPath,
      ...options,
      env: { ...process.env, ...options.env },
    });
    running.add(child);
    child.once("error", (cause) => {
      running.delete(child);
      reject(new ScriptError(`${command} could not be started: ${cause.message}`));
    });
    child.once("exit", (code, signal) => {
      running.delete(child);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

/** Runs pnpm at the version that package.json names; npx fetches it, since npm is all that we ask for. */
export function pnpm(args, options) {
  const { packageManager } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return run("npx", ["--yes", packageManager, ...args], options);
}

/** The script of a package's command, for `node`: what node_modules/.bin links to, without a shell. */
export function tool(path) {
  return fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
}

/** Runs a script's main function: prints its failure as one line and a hint, ends with its exit code. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(`error: ${error.message}`);
    if (error.hint) console.error(`       ${error.hint}`);
    process.exitCode = 1;
  }
}

function stop(signal, code) {
  for (const child of running) {
    try {
      if (isWindows) child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It ended by itself in the meantime.
    }
  }
  process.exit(code);
}

/** While the scripts' children run in their own groups, the terminal's Ctrl-C reaches only this process. */
export function passSignalsOn() {
  const onInterrupt = () => stop("SIGINT", 130);
  const onTerminate = () => stop("SIGTERM", 143);
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onTerminate);
  return () => {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onTerminate);
  };
}
