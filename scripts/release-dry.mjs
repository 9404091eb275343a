/**
 * `pnpm release:dry`: a release that reaches this machine only. Build, pack, publint, are-the-types-wrong, publish to
 * a registry on 127.0.0.1, and then what somebody does with it: on each Node a run, a plugin of their own and the
 * examples, and the other package managers.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lintPackage } from "./lib/lint-package.mjs";
import { MANAGERS, tryManager } from "./lib/managers.mjs";
import { packAll } from "./lib/pack.mjs";
import { main, passSignalsOn, ScriptError } from "./lib/process.mjs";
import { startRegistry } from "./lib/registry.mjs";
import { createSandbox } from "./lib/sandbox.mjs";
import { createStages } from "./lib/stages.mjs";
import { installNode, installRrr, runCountdown, runExamples, runPlugin } from "./lib/try-node.mjs";
import { setup } from "./setup.mjs";

const PARTS = { run: runCountdown, plugin: runPlugin, examples: runExamples };

await main(async () => {
  const { nodes, skipped } = options();
  passSignalsOn();
  const sandbox = createSandbox("release");
  const { stage, summary } = createStages(join(sandbox, "logs"));
  const release = await publish(sandbox, stage);
  if (release !== undefined) {
    for (const node of nodes) await tryNode(node, skipped, join(sandbox, `node-${node}`), release, stage);
    for (const name of skipped.includes("managers") ? [] : Object.keys(MANAGERS)) {
      const folder = join(sandbox, name);
      await stage(name, (exec) => tryManager(name, { folder, url: release.url, exec }));
    }
    release.close();
  }
  summary();
});

/** @returns the registry, or undefined where a stage failed */
async function publish(sandbox, stage) {
  let tarballs;
  let registry;
  const passed =
    (await stage("build", setup)) &&
    (await stage("pack", async () => {
      tarballs = await packAll(join(sandbox, "tarballs"));
    })) &&
    (await stage("publint, are the types wrong", async (exec) => {
      for (const tarball of tarballs) await lintPackage(tarball, exec);
    })) &&
    (await stage("publish to 127.0.0.1", async (exec) => {
      registry = await startRegistry(join(sandbox, "registry"), exec);
      for (const tarball of tarballs) await registry.publish(tarball);
    }));
  if (passed) return registry;
  registry?.close();
}

async function tryNode(version, skipped, folder, { url }, stage) {
  let shell;
  const ready = await stage(`Node ${version}: npm install @rrr/cli`, async (exec) => {
    shell = await installNode(version, folder, url, exec);
    await installRrr(shell, exec);
  });
  if (!ready) return;
  for (const [name, part] of Object.entries(PARTS)) {
    if (!skipped.includes(name)) await stage(`Node ${version}: ${name}`, (exec) => part(shell, exec));
  }
}

function options() {
  const { node, skip } = parse();
  const list = (text) => text.split(",").filter((name) => name !== "");
  const skippable = [...Object.keys(PARTS), "managers"];
  const unknown = list(skip).find((name) => !skippable.includes(name));
  if (unknown !== undefined) {
    throw new ScriptError(
      `--skip knows no ${unknown}.`,
      `It takes ${skippable.join(", ")}, with commas between.`,
    );
  }
  const wrong = list(node).find((version) => !/^\d+(\.\d+){0,2}$/.test(version));
  if (wrong !== undefined)
    throw new ScriptError(`--node ${wrong} is no version.`, "It takes e.g. 20.19,22,24.");
  return { nodes: list(node), skipped: list(skip) };
}

function parse() {
  const string = (value) => ({ type: "string", default: value });
  try {
    return parseArgs({ options: { node: string("20,22,24"), skip: string("") } }).values;
  } catch (error) {
    throw new ScriptError(
      error.message,
      "Usage: pnpm release:dry [--node 20,22,24] [--skip examples,managers]",
    );
  }
}
