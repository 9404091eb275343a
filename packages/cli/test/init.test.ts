/** What `rrr init` writes. That the packages install and pass their own tests with npm is scripts/ci/init.mjs. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testTask } from "@rrr/core/testing";
import { describe, expect, test } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { initTask } from "../src/init/init.ts";
import { TEMPLATES } from "../src/init/templates.ts";
import { ownVersion } from "../src/own-version.ts";
import wordsTask from "../templates/command/src/index.ts";
import symbolsTask from "../templates/dataset/src/index.ts";
import squareTask from "../templates/minimal/src/index.ts";
import { runCli } from "./run-cli.ts";

const COMMON = [".gitignore", ".npmrc", "README.md", "package.json", "tsconfig.json", "tsup.config.ts"];

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe.each(TEMPLATES)("the template %s", (template) => {
  test("becomes a package under the task's own name", () => {
    const cwd = project({});
    const folder = join(cwd, initTask("tell-time", { template, cwd }));
    const files = filesOf(folder);
    expect(files).toEqual(expect.arrayContaining([...COMMON, "src/index.ts", "src/index.test.ts"]));
    for (const file of files) expect(readFileSync(join(folder, file), "utf8")).not.toContain("my-task");
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect(manifest).toMatchObject({
      name: "rrr-task-tell-time",
      rrr: { spec: "rrr/task@1" },
      dependencies: { "@rrr/core": `^${ownVersion()}` },
      devDependencies: { "@rrr/cli": `^${ownVersion()}` },
    });
    const shipped = { minimal: [], dataset: ["data"], command: ["verifier"] }[template];
    expect(manifest.files).toEqual(["dist", ...shipped]);
    expect(manifest).not.toHaveProperty("overrides");
  });
});

test.each([
  ["minimal", squareTask],
  ["dataset", symbolsTask()],
  ["command", wordsTask],
])("the task of the template %s keeps the contract", async (_, task) => {
  expect(await testTask(task as never, { count: 10 })).toEqual([]);
});

test("the minimal task is thirty lines at most", () => {
  const source = readFileSync(new URL("../templates/minimal/src/index.ts", import.meta.url), "utf8");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
});

test("templates take the tools' versions that this repository is tested with", () => {
  const catalog = readFileSync(new URL("../../../pnpm-workspace.yaml", import.meta.url), "utf8");
  const text = readFileSync(new URL("../templates/common/manifest.json", import.meta.url), "utf8");
  const { "@rrr/cli": _, ...tools } = JSON.parse(text).devDependencies;
  for (const [name, version] of Object.entries(tools)) {
    expect(catalog).toMatch(new RegExp(`^ {2}"?${name}"?: ${version}$`, "m"));
  }
});

test("with --packages, rrr comes from tarballs; what is published does not know them", () => {
  const names = ["core", "cli", "trainer", "task-countdown"];
  const cwd = project(Object.fromEntries(names.map((name) => [`packed/rrr-${name}-0.1.0.tgz`, ""])));
  const folder = initTask("tell-time", { packages: "packed", cwd });
  const tarball = (name: string): string => `file:${join(cwd, `packed/rrr-${name}-0.1.0.tgz`)}`;
  expect(JSON.parse(readFileSync(join(cwd, folder, "package.json"), "utf8"))).toMatchObject({
    dependencies: { "@rrr/core": `^${ownVersion()}` },
    devDependencies: { "@rrr/core": tarball("core"), "@rrr/cli": tarball("cli") },
    overrides: { "@rrr/trainer": tarball("trainer"), "@rrr/task-countdown": tarball("task-countdown") },
  });
});

test.each([
  ["MyTask", "e.g. my-task."],
  ["tell_time", "e.g. tell-time."],
  ["rrr-task-time", "e.g. time."],
  ["-x-", "e.g. x."],
  ["2048", "A name is kebab-case"],
  ["a--b", "e.g. a-b."],
  ["a/../b", "e.g. a-b."],
  ["", "A name is kebab-case"],
  ["é", "A name is kebab-case"],
  ["x".repeat(300), "A name is kebab-case"],
])("%j cannot be a task's name", (name, hint) => {
  const cwd = project({});
  expect(() => initTask(name, { cwd })).toThrow(
    expect.objectContaining({ code: "bad-argument", hint: expect.stringContaining(hint) }),
  );
  expect(readdirSync(cwd)).toEqual([]);
});

test.each([
  ["is not there", {}, "no packages to be read"],
  ["lacks one", { "packed/rrr-core-0.1.0.tgz": "" }, "no packed @rrr/cli"],
])("a folder of packages that %s is refused", (_, files, message) => {
  const cwd = project(files as Record<string, string>);
  const refused = (): unknown => initTask("time", { packages: "packed", cwd });
  expect(refused).toThrow(expect.objectContaining({ code: "bad-argument" }));
  expect(refused).toThrow(message);
  expect(readdirSync(cwd)).not.toContain("rrr-task-time");
});

test("nothing is written over; the command says what is next", async () => {
  const cwd = project({});
  const first = await runCli(cwd, ["init", "time"]);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("cd rrr-task-time\n"), stderr: "" });
  const again = await runCli(cwd, ["init", "time"]);
  expect(again).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("exists already") });
  mkdirSync(join(cwd, "rrr-task-empty"));
  expect(await runCli(cwd, ["init", "empty"])).toMatchObject({ code: 2 });
  expect(readdirSync(join(cwd, "rrr-task-empty"))).toEqual([]);
});
