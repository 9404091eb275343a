import { join } from "node:path";
import { expect, test } from "vitest";
import { EVEN_TASK, installed, project } from "../../test/plugin-files.ts";
import { loadTask } from "./load-task.ts";

const esm = `export default ${EVEN_TASK};`;

test("a short name finds @rrr/task-<name>, then rrr-task-<name>, in the user's project", async () => {
  const both = project({ ...installed("rrr-task-even", "throw 1"), ...installed("@rrr/task-even", esm) });
  expect((await loadTask("even", {}, both)).file).toContain("@rrr");
  const second = project(installed("rrr-task-even", esm));
  expect((await loadTask("even", {}, second)).task.name).toBe("even");
});

test("a package that can only be imported is found, from a folder below the project's too", async () => {
  const folder = project({ ...installed("my-even", esm), "deep/down/note.txt": "" });
  expect((await loadTask("my-even", {}, join(folder, "deep/down"))).task.name).toBe("even");
});

test("the user's copy comes before the CLI's own", async () => {
  const folder = project(installed("@rrr/task-countdown", esm));
  expect((await loadTask("countdown", {}, folder)).task.name).toBe("even");
});

test.each([
  ["a file", "./even.mjs", { "even.mjs": esm }],
  ["a CommonJS file", "./even.cjs", { "even.cjs": `module.exports = ${EVEN_TASK};` }],
  [
    "a transpiled CommonJS file",
    "./even.cjs",
    { "even.cjs": `exports.__esModule = true; exports.default = ${EVEN_TASK};` },
  ],
  [
    "a TypeScript file",
    "./even.ts",
    { "even.ts": `const task: object = ${EVEN_TASK}; export default task;` },
  ],
  ["a folder with an index", "./even", { "even/index.mjs": esm }],
  [
    "a folder with exports",
    "./even",
    {
      "even/package.json": '{"name":"even","type":"module","exports":{"import":"./lib/a.js"}}',
      "even/lib/a.js": esm,
    },
  ],
  ["a file that awaits at its top level", "./even.mjs", { "even.mjs": `await null; ${esm}` }],
  [
    "a TypeScript file that awaits at its top level",
    "./even.ts",
    { "even.ts": `await null as unknown; ${esm}` },
  ],
  [
    "a TypeScript file with an enum, which Node strips no types of",
    "./even.ts",
    { "even.ts": `enum Mood { Good } export default { ...${EVEN_TASK}, mood: Mood.Good };` },
  ],
  ["a folder with an index in TypeScript", "./even", { "even/index.ts": `const a: number = 1; ${esm}` }],
  [
    "a folder with an unfinished main",
    "./even",
    { "even/package.json": '{"main":"./lib"}', "even/lib/index.js": `module.exports = ${EVEN_TASK};` },
  ],
  ["a folder with main", "even/", { "even/package.json": '{"main":"a.mjs"}', "even/a.mjs": esm }],
])("%s is a plugin", async (_, path, files) => {
  const name = path === "even/" ? "./even/" : path;
  expect((await loadTask(name, {}, project(files as Record<string, string>))).task.name).toBe("even");
});

test("a factory gets the options; an object takes none", async () => {
  const factory = `export default ({ preset }) => ({ ...${EVEN_TASK}, name: preset ?? "none" });`;
  const folder = project({ "factory.mjs": factory, "object.mjs": esm });
  expect((await loadTask("./factory.mjs", { preset: "hard" }, folder)).task.name).toBe("hard");
  expect((await loadTask("./factory.mjs", {}, folder)).task.name).toBe("none");
  await expect(loadTask("./object.mjs", { preset: "hard" }, folder)).rejects.toMatchObject({
    code: "bad-argument",
    message: expect.stringContaining('"preset"'),
  });
});

test("an unknown name lists what is installed and suggests the nearest", async () => {
  const folder = project({ ...installed("@rrr/task-even", esm), ...installed("@me/rrr-task-odd", esm) });
  await expect(loadTask("evne", {}, folder)).rejects.toMatchObject({
    code: "plugin-not-found",
    message: expect.stringMatching(/"evne".*@me\/rrr-task-odd, @rrr\/task-countdown, @rrr\/task-even/),
    hint: expect.stringMatching(/^Did you mean even\? Install the package that has it, or give the path/),
  });
});

test.each([
  ["fs", "plugin-not-found"],
  ["", "plugin-not-found"],
  ["../../..", "plugin-not-found"],
  ["./absent.js", "plugin-not-found"],
  ["./note.txt/task.js", "plugin-not-found"],
  [`./${"x".repeat(5_000)}.js`, "plugin-not-found"],
  ["%00", "plugin-not-found"],
  ["@rrr", "plugin-not-found"],
  ["node:fs", "plugin-not-found"],
])("%j is no plugin", async (name, code) => {
  await expect(loadTask(name, {}, project({ "note.txt": "" }))).rejects.toMatchObject({ code });
});

test.each([
  ["it throws", "throw new Error('boom')", "plugin-failed", "boom"],
  ["it imports what is not installed", "import 'not-there-at-all'", "plugin-failed", "not-there-at-all"],
  ["it does not parse", "export default {", "plugin-failed", ""],
  ["its factory throws", "export default () => { throw 'no luck' }", "plugin-failed", "no luck"],
  ["it has no default export", "export const task = 1", "bad-task", "has no default export; it exports task"],
  ["it exports nothing", "1", "bad-task", "it exports nothing at all"],
  [
    "its task lacks a method",
    `export default { ...${EVEN_TASK}, verify: undefined }`,
    "bad-task",
    'field "verify" must be a function',
  ],
])("when %s, the error names the file", async (_, source, code, message) => {
  const folder = project({ "broken.mjs": source });
  const error = await loadTask("./broken.mjs", {}, folder).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringContaining(join(folder, "broken.mjs")) });
  expect((error as Error).message).toContain(message);
});

test("an installed package without an entry is broken, not absent", async () => {
  const folder = project({ "node_modules/rrr-task-x/package.json": '{"name":"rrr-task-x","exports":{}}' });
  await expect(loadTask("x", {}, folder)).rejects.toMatchObject({ code: "plugin-failed" });
});

test.each([
  ["rrr/task@2", "Update rrr."],
  ["rrr/task@0", "npm install rrr-task-even@latest"],
])("a package for %s is refused before it is loaded, with what to update", async (spec, hint) => {
  const folder = project(installed("rrr-task-even", "process.exit(9)", { rrr: { spec } }));
  await expect(loadTask("even", {}, folder)).rejects.toMatchObject({
    code: "bad-task",
    message: expect.stringMatching(
      new RegExp(`rrr-task-even/index\\.js is written for ${spec}, and rrr \\S+ runs rrr/task@1$`),
    ),
    hint: expect.stringContaining(hint),
  });
});

test.each([
  ["rrr/task@2", /is written for rrr\/task@2/, "Update rrr."],
  ["rrr/task@0", /is written for rrr\/task@0/, "Write the task for rrr/task@1."],
  ["task@1", /is not a task: task field "spec" must be "rrr\/task@1", got "task@1"/, "defineTask()"],
])("a task for %s is refused", async (spec, message, hint) => {
  const folder = project({ "even.mjs": `export default { ...${EVEN_TASK}, spec: "${spec}" };` });
  await expect(loadTask("./even.mjs", {}, folder)).rejects.toMatchObject({
    code: "bad-task",
    message: expect.stringMatching(message),
    hint: expect.stringContaining(hint),
  });
});

test("a dependency that is missing is named", async () => {
  const folder = project({ "broken.mjs": `import "@not-there/at-all/deep";` });
  await expect(loadTask("./broken.mjs", {}, folder)).rejects.toMatchObject({
    hint: expect.stringContaining("npm install @not-there/at-all."),
  });
});
