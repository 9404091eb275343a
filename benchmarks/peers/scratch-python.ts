import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PEERS = ["torch", "transformers", "trl==1.16.0", "peft", "accelerate"];

/**
 * A Python that has the peers, in an environment of its own outside of the repository: made at first, and kept.
 * @param dir absent: in the system's folder for such things. A path to a Python that has them all is as good
 */
export function scratchPython(dir: string = join(tmpdir(), "rrr-peers")): string {
  const python =
    process.platform === "win32" ? join(dir, "Scripts", "python.exe") : join(dir, "bin", "python");
  if (!existsSync(python)) {
    mkdirSync(dir, { recursive: true });
    run("python3", "-m", "venv", dir);
  }
  const has = spawnSync(python, ["-W", "ignore", "-c", "import torch, trl, peft, accelerate"]);
  if (has.status !== 0) {
    console.error(`installing ${PEERS.join(", ")} into ${dir}`);
    run(python, "-m", "pip", "install", "--quiet", ...PEERS);
  }
  return python;
}

function run(command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `ended with ${status}`}`);
}
