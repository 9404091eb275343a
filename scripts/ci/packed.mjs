/**
 * What a stranger gets: packs and lints every package, installs the tarballs with npm into an empty project, and runs
 * `rrr` there; and one plugin alone, as the library that it is for other programs. Nothing of this repository is in
 * reach.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lintPackage } from "../lib/lint-package.mjs";
import { packAll } from "../lib/pack.mjs";
import { main, passSignalsOn, run, ScriptError } from "../lib/process.mjs";
import { createSandbox } from "../lib/sandbox.mjs";
import { setup } from "../setup.mjs";

const env = { ONNXRUNTIME_NODE_INSTALL: "skip" };

await main(async () => {
  await setup();
  passSignalsOn();
  const sandbox = createSandbox("packed");
  const tarballs = join(sandbox, "tarballs");
  const cwd = join(sandbox, "project");
  mkdirSync(cwd);

  const files = await packAll(tarballs);
  for (const file of files) {
    await lintPackage(file, (command, args) => must(run(command, args), `the lint of ${file}`));
  }
  writeFileSync(join(cwd, "package.json"), '{ "name": "stranger", "private": true }\n');
  await must(run("npm", ["install", "--no-audit", "--no-fund", ...files], { cwd, env }), "npm install");

  for (const name of readdirSync(join(cwd, "node_modules/@rrr"))) {
    for (const file of ["LICENSE", "README.md", "package.json"]) {
      if (existsSync(join(cwd, "node_modules/@rrr", name, file))) continue;
      throw new ScriptError(`@rrr/${name} was packed without ${file}.`);
    }
  }
  await must(run("npx", ["rrr", "run", "countdown", "--steps", "2", "--limit", "40"], { cwd }), "rrr run");
  checkVerify(cwd);
  checkTensorFlow(cwd);
  await checkPluginAlone(sandbox, files);
});

/** The example has no types to strip: as .mjs it runs on every Node. */
async function checkPluginAlone(sandbox, tarballs) {
  const cwd = join(sandbox, "alone");
  mkdirSync(cwd);
  writeFileSync(join(cwd, "package.json"), '{ "name": "alone", "private": true }\n');
  const wanted = tarballs.filter((file) => /rrr-(core|task-function-calling)-[\d.]+\.tgz$/.test(file));
  await must(
    run("npm", ["install", "--no-audit", "--no-fund", ...wanted], { cwd }),
    "npm install of one plugin",
  );
  copyFileSync(new URL("../../examples/07-check-calls.ts", import.meta.url), join(cwd, "check.mjs"));
  const { stdout, stderr } = spawnSync(process.execPath, ["check.mjs"], { cwd, encoding: "utf8" });
  const kinds = stdout
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0]);
  if (kinds.join() !== "pass,pass,fail,fail")
    throw new ScriptError(`the plugin alone said ${stdout}${stderr}`);
  console.log(`the plugin alone: ${kinds.join(", ")}`);
}

function checkVerify(cwd) {
  const item = { numbers: [25, 7, 8], target: 24 };
  const completions = ["<answer>25 + 7 - 8</answer>", "<answer>25 + 7</answer>"];
  const input = completions.map((completion) => `${JSON.stringify({ item, completion })}\n`).join("");
  const { stdout, stderr } = spawnSync("npx", ["rrr", "verify", "countdown"], {
    cwd,
    input,
    encoding: "utf8",
  });
  const kinds = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).kind);
  if (kinds.join() !== "pass,fail") throw new ScriptError(`rrr verify said ${kinds.join()}: ${stderr}`);
  console.log(`rrr verify countdown: ${kinds.join(", ")}`);
}

/** TensorFlow.js is for those who ask for it: nothing of it is installed, and the engine on it says what to install. */
function checkTensorFlow(cwd) {
  if (existsSync(join(cwd, "node_modules/@tensorflow")))
    throw new ScriptError("TensorFlow.js was installed unasked.");
  const args = ["rrr", "run", "countdown", "--engine", "tfjs"];
  const { status, stderr } = spawnSync("npx", args, { cwd, encoding: "utf8" });
  const says = ["[runtime-failed]", "npm install @tensorflow/tfjs-node"].every((text) =>
    stderr.includes(text),
  );
  if (status !== 1 || !says) throw new ScriptError(`without TensorFlow.js, --engine tfjs said ${stderr}`);
  console.log("rrr run --engine tfjs: says what to install");
}

async function must(exitCode, what) {
  const code = await exitCode;
  if (code !== 0) throw new ScriptError(`${what} ended with exit code ${code}.`);
}
