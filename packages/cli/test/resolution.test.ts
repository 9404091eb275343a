/** Plugins as package managers really lay them out. */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTask } from "@rrr/plugins";
import { expect, onTestFinished, test, vi } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { npm, pack } from "./npm.ts";
import { runCli } from "./run-cli.ts";

const ESM = `export default ${EVEN_TASK};`;

/** A package that can only be imported, with its types first and a second task. */
const EVEN_PACKAGE = {
  "package.json": JSON.stringify({
    name: "rrr-task-even",
    version: "2.1.0",
    type: "module",
    rrr: { spec: "rrr/task@1" },
    exports: {
      ".": { types: "./index.d.ts", import: "./index.js" },
      "./factory": { import: "./factory.js" },
    },
  }),
  "index.js": ESM,
  "index.d.ts": "export {};",
  "factory.js": `export default async ({ name = "even" }) => ({ ...${EVEN_TASK}, name });`,
};

test("npm install of a tarball, with its subpaths", async () => {
  const cwd = project({ "package.json": "{}" });
  npm(cwd, "install", pack(project(EVEN_PACKAGE)));
  expect((await loadTask("even", {}, cwd)).file).toBe(join(cwd, "node_modules/rrr-task-even/index.js"));
  expect((await loadTask("rrr-task-even/factory", { name: "odd" }, cwd)).task.name).toBe("odd");
  await expect(loadTask("rrr-task-even/absent", {}, cwd)).rejects.toMatchObject({
    code: "plugin-failed",
    message: expect.stringContaining("./absent"),
  });
});

test("npm workspaces: a link to a package of TypeScript that is not built", async () => {
  const cwd = project({
    "package.json": JSON.stringify({ workspaces: ["plugins/*"] }),
    "plugins/even/package.json": JSON.stringify({
      name: "rrr-task-even",
      version: "1.0.0",
      type: "module",
      exports: "./src/index.ts",
    }),
    "plugins/even/src/index.ts": `import { name } from "./name.ts";\nconst task: object = ${EVEN_TASK};\nexport default { ...task, name };`,
    "plugins/even/src/name.ts": `export const name: string = "odd";`,
  });
  npm(cwd, "install");
  expect((await loadTask("even", {}, cwd)).task.name).toBe("odd");
});

test("pnpm's links: a plugin finds its own dependencies, which the project does not see", async () => {
  const store = "node_modules/.pnpm/rrr-task-even@1.0.0/node_modules";
  const cwd = project({
    [`${store}/rrr-task-even/package.json`]: `{"name":"rrr-task-even","type":"module","exports":{"import":"./index.js"}}`,
    [`${store}/rrr-task-even/index.js`]: `import { name } from "names"; export default { ...${EVEN_TASK}, name };`,
    [`${store}/names/package.json`]: `{"name":"names","type":"module","exports":"./index.js"}`,
    [`${store}/names/index.js`]: `export const name = "odd";`,
  });
  symlinkSync(join(cwd, store, "rrr-task-even"), join(cwd, "node_modules/rrr-task-even"));
  expect((await loadTask("even", {}, cwd)).task.name).toBe("odd");
});

test("npm install --global: found by its name from anywhere, and listed", async () => {
  const prefix = project({});
  npm(prefix, "install", "--global", "--prefix", prefix, pack(project(EVEN_PACKAGE)));
  vi.stubEnv("npm_config_prefix", prefix);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cwd = project({});
  expect((await loadTask("even", {}, cwd)).file).toContain(prefix);
  const { stdout } = await runCli(cwd, ["list", "--json"]);
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({ name: "even", version: "2.1.0", from: "global" }),
  );
});

test("the command itself installed globally: what lies beside it came not with it", async () => {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const modules = join(project({}), "lib/node_modules");
  const cli = join(modules, "@rrr/cli");
  for (const part of ["bin", "dist", "package.json"])
    cpSync(join(root, part), join(cli, part), { recursive: true });
  // As npm lays it out: what the command needs is below it, @rrr/plugins too, which looks for plugins from there.
  const own = fileURLToPath(new URL("../../plugins/", import.meta.url));
  const plugins = join(cli, "node_modules/@rrr/plugins");
  for (const part of ["dist", "package.json"])
    cpSync(join(own, part), join(plugins, part), { recursive: true });
  for (const [from, to] of [
    [root, cli],
    [own, plugins],
  ] as const) {
    for (const name of packagesOf(from)) {
      const link = join(to, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      if (!existsSync(link)) symlinkSync(join(from, "node_modules", name), link);
    }
  }
  cpSync(project(EVEN_PACKAGE), join(modules, "rrr-task-even"), { recursive: true });
  const { stdout } = await runCli(project({}), ["list", "--json"], "", join(cli, "bin/rrr.js"));
  const origins = JSON.parse(stdout).map(({ name, from }: Record<string, string>) => [name, from]);
  expect(origins).toEqual([
    ["countdown", "rrr"],
    ["even", "global"],
    ["function-calling", "rrr"],
    ["onnx", "rrr"],
    ["tfjs", "rrr"],
    ["tinker", "rrr"],
  ]);
});

test("a plugin with its own copy of @rrr/core: its verdicts and errors are understood", async () => {
  const core = fileURLToPath(new URL("../../core/", import.meta.url));
  const cwd = project({
    "package.json": `{"type":"module"}`,
    "even.js": `
      import { definePlugin, defineTask, fail, invalid, oneOf, pass, RrrError } from "@rrr/core";
      const even = ${EVEN_TASK};
      export default definePlugin({
        name: "even",
        options: { mood: oneOf("good", "bad") },
        create: ({ mood }) => defineTask({ ...even, verify(item, completion) {
          if (completion === "what") return invalid(new RrrError("bad-item", "what is that"));
          if (completion === "throw") throw new RrrError("bad-item", "a bad one");
          return mood === "bad" ? fail("never") : pass();
        } }),
      });`,
  });
  mkdirSync(join(cwd, "node_modules/@rrr"), { recursive: true });
  for (const part of ["dist", "package.json"]) {
    cpSync(join(core, part), join(cwd, "node_modules/@rrr/core", part), { recursive: true });
  }
  const lines = ["2", "what", "throw"].map((completion) =>
    JSON.stringify({ item: { least: 0 }, completion }),
  );
  for (const isolate of ["none", "process"]) {
    const verify = ["verify", "./even.js", "--isolate", isolate];
    const { stdout } = await runCli(cwd, verify, lines.join("\n"));
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { kind: "pass" },
      { kind: "invalid", code: "bad-item", detail: expect.stringContaining("what is that") },
      { kind: "invalid", detail: expect.stringContaining("a bad one") },
    ]);
  }
  const { stderr, code } = await runCli(cwd, ["verify", "./even.js", "--task.mood", "godo"]);
  expect({ stderr, code }).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean good?") });
});

/** What a package of the workspace needs at run time. */
function packagesOf(folder: string): readonly string[] {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.keys(dependencies);
}
