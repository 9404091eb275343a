import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { type InstalledPlugin, listPlugins } from "@rrr/plugins";
import { expect, onTestFinished, test, vi } from "vitest";
import { EVEN_TASK, installed, project } from "../../plugins/test/plugin-files.ts";
import { listText } from "../src/list/list-text.ts";
import { runCli } from "./run-cli.ts";

const EVEN = { version: "2.1.0", description: "Says even numbers.", rrr: { spec: "rrr/task@1" } };

test("plugins of the project and of the command, each once; no code of theirs is run", async () => {
  const cwd = project({
    ...installed("rrr-task-even", "process.exit(9)", EVEN),
    ...installed("@me/rrr-task-odd", "process.exit(9)"),
    ...installed("@rrr/task-countdown", "process.exit(9)", { version: "9.9.9" }),
    ...installed("rrr-engine-even", "process.exit(9)", { rrr: { spec: "rrr/engine@1" } }),
    "node_modules/rrr-task-broken/package.json": "{",
    "node_modules/left-pad/package.json": "{}",
  });
  const { code, stdout } = await runCli(cwd, ["list", "--json"]);
  expect(code).toBe(0);
  const plugins: readonly { readonly name: string }[] = JSON.parse(stdout);
  expect(plugins).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        kind: "task",
        name: "even",
        package: "rrr-task-even",
        version: "2.1.0",
        spec: "rrr/task@1",
        description: "Says even numbers.",
        from: "project",
      }),
      expect.objectContaining({ name: "@me/rrr-task-odd", from: "project" }),
      expect.objectContaining({
        name: "broken",
        package: "rrr-task-broken",
        broken: expect.stringContaining("package.json cannot be read"),
      }),
      expect.objectContaining({ name: "function-calling", spec: "rrr/task@1", from: "rrr" }),
      expect.objectContaining({ kind: "engine", name: "even", package: "rrr-engine-even", from: "project" }),
      expect.objectContaining({ kind: "engine", name: "onnx", spec: "rrr/engine@1", from: "rrr" }),
    ]),
  );
  expect(plugins.filter(({ name }) => name === "countdown")).toMatchObject([{ version: "9.9.9" }]);
  expect(JSON.stringify(plugins)).not.toContain("left-pad");
});

test("what cannot be run is listed with the reason", async () => {
  const cwd = project({
    ...installed("rrr-task-old", "", { rrr: { spec: "rrr/task@0" } }),
    ...installed("rrr-task-unbuilt", "", { exports: "./dist/index.js" }),
    ...installed("rrr-task-closed", "", { exports: {} }),
    ...installed("another-name", "", { rrr: { spec: "rrr/task@1" } }),
    ...installed("an-engine", "", { rrr: { spec: "rrr/engine@7" } }),
  });
  symlinkSync(join(cwd, "nowhere"), join(cwd, "node_modules/rrr-task-lost"));
  const { stdout } = await runCli(cwd, ["list", "--json"]);
  const plugins: readonly InstalledPlugin[] = JSON.parse(stdout);
  expect(Object.fromEntries(plugins.map(({ name, broken }) => [name, broken]))).toEqual({
    "an-engine": expect.stringMatching(/^written for rrr\/engine@7, and rrr \S+ runs rrr\/engine@1$/),
    "another-name": undefined,
    closed: expect.stringContaining("exports"),
    countdown: undefined,
    "function-calling": undefined,
    onnx: undefined,
    lost: expect.stringContaining("package.json cannot be read"),
    old: expect.stringMatching(/^written for rrr\/task@0, and rrr \S+ runs rrr\/task@1$/),
    unbuilt: expect.stringContaining("dist/index.js"),
  });
  expect((await runCli(cwd, ["list"])).stdout).toMatch(/^old .*BROKEN: written for/m);
});

test("two packages of one short name: the second goes by its own", () => {
  const cwd = project({ ...installed("rrr-task-countdown", ""), ...installed("@rrr/task-even", "") });
  const names = listPlugins(cwd).map((plugin) => [plugin.name, plugin.package]);
  expect(names).toEqual(
    expect.arrayContaining([
      ["countdown", "@rrr/task-countdown"],
      ["rrr-task-countdown", "rrr-task-countdown"],
      ["even", "@rrr/task-even"],
    ]),
  );
});

test("the options of an engine, which no flag gives", async () => {
  const { stdout } = await runCli(project({}), ["list", "onnx"]);
  expect(stdout).toMatch(/^Options of onnx:\n {2}rows +a whole number of at least 1$/m);
  const { stdout: json } = await runCli(project({}), ["list", "onnx", "--json"]);
  expect(JSON.parse(json)).toMatchObject({ kind: "engine" });
});

test("the options of one task, as its plugin publishes them", async () => {
  const cwd = project({
    "factory.mjs": `export default () => (${EVEN_TASK});`,
    "object.mjs": `export default ${EVEN_TASK};`,
  });
  const { stdout } = await runCli(cwd, ["list", "countdown"]);
  expect(stdout).toMatch(/^ {2}--preset +one of small, tinyzero, hard$/m);
  expect(stdout).toMatch(/^ {2}--task\.strict +true or false$/m);
  const { stdout: json } = await runCli(cwd, ["list", "function-calling", "--json"]);
  expect(JSON.parse(json).options).toContainEqual({ name: "mode", description: "one of exact, bfcl" });
  expect((await runCli(cwd, ["list", "./factory.mjs"])).stdout).toContain("does not say which");
  expect((await runCli(cwd, ["list", "./object.mjs"])).stdout).toContain("takes no options");
});

test("a global install is listed, and found by its name", async () => {
  const prefix = project({
    ...prefixed("lib/", installed("rrr-task-even", "export default 1", EVEN)),
    ...prefixed("", installed("rrr-task-even", "export default 1", EVEN)),
  });
  vi.stubEnv("npm_config_prefix", prefix);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cwd = project({});
  const listed = await runCli(cwd, ["list", "--json"]);
  expect(JSON.parse(listed.stdout)).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: "even", from: "global" })]),
  );
  const { stderr } = await runCli(cwd, ["prompts", "even"]);
  expect(stderr).toMatch(/rrr-task-even.*is not a task/);
});

function prefixed(prefix: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${prefix}${path}`, text]));
}

test("as text: a line a plugin, in columns", () => {
  const plugin = {
    kind: "task" as const,
    folder: "",
    version: undefined,
    spec: undefined,
    description: undefined,
    broken: undefined,
  };
  expect(
    listText([
      { ...plugin, name: "a", package: "rrr-task-a", from: "global", version: "1.0.0", spec: "rrr/task@1" },
      {
        ...plugin,
        name: "much-longer",
        package: "rrr-engine-much-longer",
        kind: "engine",
        from: "project",
        description: "Long.",
      },
    ]),
  ).toBe(
    [
      "a            task    rrr-task-a 1.0.0                     rrr/task@1  installed globally",
      "much-longer  engine  rrr-engine-much-longer (no version)  (no spec)   this project        Long.",
      "",
    ].join("\n"),
  );
});
