/**
 * From `rrr init` to a trained run, with packed packages and nothing of this repository in reach: the commands of
 * docs/write-a-task.md as they stand there, and the other templates' own tests.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
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

  await must("bash", ["-euxo", "pipefail", "-c", guide()], sandbox);
  // The templates as they were packed.
  const packed = join(sandbox, "rrr-task-squares", "node_modules/@rrr/cli/bin/rrr.js");
  for (const template of ["dataset", "command"]) {
    const init = ["init", template, "--template", template, "--packages", "tarballs"];
    await must(process.execPath, [packed, ...init], sandbox);
    const cwd = join(sandbox, `rrr-task-${template}`);
    await must("npm", ["install"], cwd);
    await must("npm", ["test"], cwd);
  }
  await checkPacked(join(sandbox, "rrr-task-dataset"));
});

/** The first commands of the guide, from the start of a package on; `npx rrr` is this repository's there. */
function guide() {
  const page = readFileSync(join(root, "docs/write-a-task.md"), "utf8");
  const commands = /^```sh\n(.*?)^```/ms.exec(page)?.[1];
  if (commands === undefined) throw new ScriptError("docs/write-a-task.md has no commands.");
  const ours = `${JSON.stringify(process.execPath)} ${JSON.stringify(join(root, "packages/cli/bin/rrr.js"))}`;
  return commands.replace(/^.*pack:all.*\n/m, "").replace("npx rrr init", `${ours} init`);
}

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
