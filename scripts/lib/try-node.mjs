/** What a stranger does with rrr on one version of Node, after `npm install` from a registry. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root, ScriptError, tool } from "./process.mjs";
import { npmEnv } from "./registry.mjs";
import { createProject, shellEnv, WITHOUT_CUDA } from "./stranger.mjs";

const QUIET = { npm_config_audit: "false", npm_config_fund: "false", npm_config_prefer_offline: "true" };
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/**
 * npm's package `node` has Node itself; npm is a script, and runs on what it finds first on the path.
 * @returns how commands are started there: `version`, `cwd`, `env`
 */
export async function installNode(version, folder, url, exec) {
  const tools = join(folder, "tools");
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, "package.json"), '{ "private": true }\n');
  await exec("npm", ["install", `node@${version}`], { cwd: tools, env: QUIET });
  const env = { ...shellEnv(join(tools, "node_modules/node/bin")), ...QUIET, ...npmEnv(url) };
  const shell = { version, cwd: createProject(join(folder, "project")), env };
  const check = `(process.versions.node + ".").startsWith("${version}.") || process.exit(1)`;
  await exec("npm", ["exec", "--call", `node --eval '${check}'`], shell);
  return shell;
}

/** The command, and what the examples import beside it. */
export async function installRrr({ cwd, env }, exec) {
  const { dependencies } = readJson(join(root, "examples/package.json"));
  const packages = [...new Set(["@rrr/cli", ...Object.keys(dependencies)])];
  await exec("npm", ["install", ...packages], { cwd, env: { ...env, ...WITHOUT_CUDA } });
}

export async function runCountdown(shell, exec) {
  await exec("npx", ["rrr", "run", "countdown", "--steps", "2", "--limit", "40"], shell);
}

/** As its author makes and packs it, and as somebody else runs it by its short name. */
export async function runPlugin({ cwd, env }, exec) {
  await exec("npx", ["rrr", "init", "dry"], { cwd, env });
  const plugin = join(cwd, "rrr-task-dry");
  for (const args of [["install"], ["test"], ["pack"]]) await exec("npm", args, { cwd: plugin, env });
  const tarball = readdirSync(plugin).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new ScriptError("npm pack wrote no tarball.");
  await exec("npm", ["install", join(plugin, tarball)], { cwd, env: { ...env, ...WITHOUT_CUDA } });
  await exec("npx", ["rrr", "run", "dry", "--steps", "2", "--limit", "20"], { cwd, env });
}

/** Node 22.18 and newer run TypeScript; for Node 20 somebody installs tsx. */
export async function runExamples({ version, cwd, env }, exec) {
  const folder = join(cwd, "examples");
  const unwanted = ["node_modules", "package.json"];
  cpSync(join(root, "examples"), folder, {
    recursive: true,
    filter: (path) => !unwanted.includes(basename(path)),
  });
  const [major, minor = Number.POSITIVE_INFINITY] = version.split(".").map(Number);
  const stripsTypes = major > 22 || (major === 22 && minor >= 18);
  if (!stripsTypes) {
    const { version: tsx } = readJson(tool("tsx/package.json"));
    await exec("npm", ["install", `tsx@${tsx}`], { cwd, env: { ...env, ...WITHOUT_CUDA } });
  }
  for (const name of readdirSync(folder).filter((file) => /^\d\d-.*\.ts$/.test(file))) {
    await exec("node", [...(stripsTypes ? [] : ["--import", "tsx"]), name], { cwd: folder, env });
  }
}
