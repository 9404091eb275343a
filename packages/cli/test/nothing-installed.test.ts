/** Nothing is ever installed on the user's behalf: whatever is missing, package managers are at most asked where they are. */
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

const MANAGERS = ["npm", "npx", "pnpm", "pnpx", "yarn", "yarnpkg", "bun", "bunx", "corepack"];

test("no command starts a package manager, but to ask npm for its folder", async () => {
  const log = join(project({}), "log");
  const script = `#!/bin/sh\necho "$(basename "$0") $*" >> "${log}"\nexit 1\n`;
  const path = project(Object.fromEntries(MANAGERS.map((name) => [name, script])));
  for (const name of MANAGERS) chmodSync(join(path, name), 0o755);
  vi.stubEnv("PATH", `${path}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());

  const files = {
    "even.mjs": `export default ${EVEN_TASK};`,
    "needs.mjs": `import "not-installed"; export default ${EVEN_TASK};`,
    "rrr.config.json": JSON.stringify({ tasks: { absent: {} } }),
  };
  const cwd = project(files);
  const commands = [
    ["run", "absent", "--no-config"],
    ["run", "countdown", "--model", "absent", "--no-config"],
    ["verify", "@rrr/task-absent", "--no-config"],
    ["verify", "./even.mjs", "--no-config"],
    ["prompts", "./needs.mjs", "--no-config"],
    ["prompts", "countdown"],
    ["check", "rrr-task-absent", "--no-config"],
    ["check", "./even.mjs", "--count", "5", "--no-config"],
    ["list"],
    ["list", "absent"],
    ["init", "a-task"],
    ["init", "b-task", "--template", "dataset"],
    ["init", "c-task", "--template", "command"],
  ];
  for (const command of commands) await runCli(cwd, command);

  expect(existsSync(log)).toBe(true);
  expect(new Set(readFileSync(log, "utf8").trim().split("\n"))).toEqual(new Set(["npm root --global"]));
  const folders = ["a", "b", "c"].map((name) => `rrr-task-${name}-task`);
  expect(readdirSync(cwd).sort()).toEqual([...Object.keys(files), ...folders].sort());
  for (const folder of folders) expect(readdirSync(join(cwd, folder))).not.toContain("node_modules");
});
