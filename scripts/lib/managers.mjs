/** The package managers other than npm: `@rrr/cli` installed by name into an empty project, and a short run with it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./process.mjs";
import { createProject, shellEnv, WITHOUT_CUDA } from "./stranger.mjs";

const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const npmrc = (url) => ({ ".npmrc": `@rrr:registry=${url}\n` });

/** pnpm and Yarn 4 run no install scripts unless told to; what each needs is in docs/troubleshooting.md. */
export const MANAGERS = {
  pnpm: { from: packageManager, command: "pnpm", files: npmrc },
  yarn: { from: "yarn@1.22.22", command: "yarn", files: npmrc, env: WITHOUT_CUDA },
  "yarn-berry": { from: "@yarnpkg/cli-dist@4.18.1", command: "yarn", files: yarnrc },
};

/** @param exec runs a command to its end, throws where it fails */
export async function tryManager(name, { folder, url, exec }) {
  const { from, command, files, env } = MANAGERS[name];
  const tools = join(folder, "tools");
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, "package.json"), '{ "private": true }\n');
  await exec("npm", ["install", "--no-audit", "--no-fund", from], { cwd: tools });

  const cwd = createProject(join(folder, "project"));
  for (const [path, text] of Object.entries(files(url))) writeFileSync(join(cwd, path), text);
  const options = { cwd, env: { ...shellEnv(join(tools, "node_modules/.bin")), ...env } };
  await exec(command, ["add", "@rrr/cli"], options);
  await exec(command, ["rrr", "run", "countdown", "--steps", "2", "--limit", "40"], options);
}

function yarnrc(url) {
  const lines = [
    "nodeLinker: node-modules",
    // The shared one remembers what an earlier run published under the same version.
    "globalFolder: .yarn/global",
    // Without it Yarn waits a day before it takes a new release.
    'npmPreapprovedPackages: ["@rrr/*"]',
    `npmScopes: { rrr: { npmRegistryServer: "${url}" } }`,
    'unsafeHttpWhitelist: ["127.0.0.1"]',
  ];
  // The empty lockfile says that this folder is a project of its own.
  return { ".yarnrc.yml": `${lines.join("\n")}\n`, "yarn.lock": "" };
}
