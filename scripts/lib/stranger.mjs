/** What somebody has who has never seen this repository: an empty project and a shell. */
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

export function createProject(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }\n');
  return folder;
}

/**
 * A shell's variables: with those that npm and pnpm give to their scripts, onnxruntime-node's install script takes
 * itself for one of ours, and the package managers take each other's settings.
 * @param bins folders that commands are looked for in first
 */
export function shellEnv(...bins) {
  const inherited =
    /^(npm_(package|lifecycle)_|npm_config_(local_prefix|user_agent)$|ONNXRUNTIME_|NODE_PATH$|INIT_CWD$)/i;
  const without = Object.keys(process.env).filter((name) => inherited.test(name));
  return {
    ...Object.fromEntries(without.map((name) => [name, undefined])),
    PATH: [...bins, process.env.PATH].join(delimiter),
  };
}

/** What the README says to set where an install script of onnxruntime-node would run. */
export const WITHOUT_CUDA = { ONNXRUNTIME_NODE_INSTALL: "skip" };
