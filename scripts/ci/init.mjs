/** What `rrr init` writes, with packed packages and nothing of this repository in reach: each template's own tests. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packAll } from "../lib/pack.mjs";
import { main, passSignalsOn, root, run, ScriptError } from "../lib/process.mjs";
import { createSandbox } from "../lib/sandbox.mjs";
import { setup } from "../setup.mjs";

const env = { npm_config_audit: "false", npm_config_fund: "false", npm_config_prefer_offline: "true" };

await main(async () => {
  await setup();
  passSignalsOn();
  const sandbox = createSandbox("init");
  await packAll(join(sandbox, "tarballs"));

  const ours = join(root, "packages/cli/bin/rrr.js");
  for (const template of ["minimal", "dataset", "command"]) {
    // The templates as they were packed, once there are any.
    const packed = join(sandbox, "rrr-task-minimal/node_modules/@rrr/cli/bin/rrr.js");
    const init = ["init", template, "--template", template, "--packages", "tarballs"];
    await must(process.execPath, [existsSync(packed) ? packed : ours, ...init], sandbox);
    const cwd = join(sandbox, `rrr-task-${template}`);
    await must("npm", ["install"], cwd);
    await must("npm", ["test"], cwd);
  }
  await checkPacked(join(sandbox, "rrr-task-dataset"));
});

/** What `npm publish` would send has what the task needs, and can be run by its short name. */
async function checkPacked(cwd) {
  const { stdout, stderr, status } = spawnSync("npm", ["pack", "--json"], { cwd, encoding: "utf8" });
  if (status !== 0) throw new ScriptError(`npm pack ended with exit code ${status}: ${stderr}`);
  const packed = JSON.parse(stdout.slice(stdout.indexOf("[\n")));
  const paths = packed[0].files.map(({ path }) => path);
  for (const path of ["dist/index.js", "dist/index.d.ts", "data/problems.jsonl", "README.md"]) {
    if (!paths.includes(path)) throw new ScriptError(`${path} is not published: ${paths.join(", ")}`);
  }
  if (!existsSync(join(cwd, packed[0].filename))) throw new ScriptError("npm pack wrote no tarball.");
  await must("npx", ["rrr", "prompts", "dataset"], cwd);
}

async function must(command, args, cwd) {
  const code = await run(command, args, { cwd, env });
  if (code !== 0) throw new ScriptError(`${[command, ...args].join(" ")} ended with exit code ${code}.`);
}
