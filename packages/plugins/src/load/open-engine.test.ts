import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtinModelDir } from "@rrr/builtin-model";
import { expect, onTestFinished, test } from "vitest";
import { installed, project } from "../../test/plugin-files.ts";
import { openEngine } from "./open-engine.ts";

const VERBS =
  "sample forward forwardBackward optimStep saveState loadState exportModel weightsVersion close".split(" ");

/** Source of an engine that needs nothing installed, and does nothing. */
const STILL = `({
  name: "still",
  capabilities: { trains: "full", fixed: {}, normalizations: [], seeds: true, logprobs: "one", state: "folder" },
  tokenizer: {},
  contextLength: 64,
  ${VERBS.map((verb) => `async ${verb}() {}`).join(", ")}
})`;
/** Source of a plugin for it; `rest` replaces fields. */
const still = (rest = ""): string =>
  `({ spec: "rrr/engine@1", name: "still", options: {}, open: async () => ${STILL}, ${rest} })`;
const esm = `export default ${still()};`;

const model = builtinModelDir("countdown");
const open = (name: string, cwd: string, options = {}) => openEngine({ name, model, options }, cwd);

test("a short name finds @rrr/engine-<name>, then rrr-engine-<name>, in the user's project", async () => {
  const both = project({
    ...installed("rrr-engine-still", "throw 1"),
    ...installed("@rrr/engine-still", esm),
  });
  expect((await open("still", both)).file).toContain("@rrr");
  const second = project(installed("rrr-engine-still", esm));
  expect((await open("still", second)).engine.name).toBe("still");
  expect((await open("rrr-engine-still", second)).engine.name).toBe("still");
});

test("a task and an engine may have the same short name", async () => {
  const folder = project({
    ...installed("rrr-task-still", "throw 'the task'"),
    ...installed("rrr-engine-still", esm),
  });
  expect((await open("still", folder)).file).toContain("rrr-engine-still");
});

test("the engine that comes with rrr is found from anywhere, and checks its options", async () => {
  const { engine } = await open("onnx", project({}), { threads: 1 });
  onTestFinished(() => engine.close());
  expect(engine.name).toBe("onnx");
  await expect(open("onnx", project({}), { thread: 1 })).rejects.toMatchObject({
    code: "bad-argument",
    message: 'engine "onnx" has no option "thread"',
    hint: expect.stringContaining('Did you mean "threads"?'),
  });
  await expect(open("onnx", project({}), { threads: -1 })).rejects.toThrow("a whole number of at least 0");
});

test("a third party's engine, written against the built packages: by path, and by name", async () => {
  const folder = project({
    "my-engine/package.json": '{"name":"my-engine","type":"module","main":"./tiny.ts"}',
  });
  const packages = fileURLToPath(new URL("../../../", import.meta.url));
  mkdirSync(join(folder, "node_modules/@rrr"), { recursive: true });
  for (const name of ["core", "trainer"]) {
    symlinkSync(join(packages, name), join(folder, "node_modules/@rrr", name));
  }
  cpSync(join(packages, "../examples/engines/tiny.ts"), join(folder, "my-engine/tiny.ts"));
  symlinkSync(join(folder, "my-engine"), join(folder, "node_modules/rrr-engine-mine"));
  for (const name of ["./my-engine/tiny.ts", "./my-engine", "mine"]) {
    const { engine } = await open(name, folder, { seed: 3 });
    expect(engine.name).toBe("tiny");
    const prompt = engine.tokenizer.encodeChat([{ role: "user", content: "1 + 2?" }]);
    const [sampled] = await engine.sample(prompt, { n: 1, maxTokens: 4, temperature: 1, seed: 0 });
    expect(sampled?.tokens.length).toBeGreaterThan(0);
  }
  await expect(open("mine", folder, { sed: 3 })).rejects.toMatchObject({
    code: "bad-argument",
    hint: 'Did you mean "seed"? It has seed.',
  });
});

test("an unknown name lists the engines that are installed and suggests the nearest", async () => {
  const folder = project({ ...installed("rrr-engine-still", esm), ...installed("rrr-task-stil", "1") });
  const error = await open("stil", folder).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "plugin-not-found",
    message: expect.stringMatching(
      /^no engine "stil"; installed: @rrr\/engine-onnx, @rrr\/engine-tfjs, @rrr\/engine-tinker, rrr-engine-still$/,
    ),
    hint: "Did you mean still? Install the package that has it, or give the path of an engine's file (./my-engine.js).",
  });
  await expect(open("./absent.js", folder)).rejects.toMatchObject({
    code: "plugin-not-found",
    hint: expect.stringContaining("whose default export is an engine."),
  });
});

test.each([
  ["it throws", "throw new Error('boom')", "plugin-failed", "boom"],
  ["it imports what is not installed", "import 'not-there-at-all'", "plugin-failed", "not-there-at-all"],
  ["opening throws", `export default ${still("open() { throw 'no luck' }")}`, "plugin-failed", "no luck"],
  ["it has no default export", "export const engine = 1", "bad-engine", "it exports engine"],
  ["its default export is none", "export default 7", "bad-engine", "is not an engine: an engine must be"],
  [
    "it is a task",
    'export default { spec: "rrr/task@1", name: "even" }',
    "bad-engine",
    'must be "rrr/engine@1", got "rrr/task@1"',
  ],
  [
    "what it opens lacks a verb",
    `export default ${still(`open: async () => ({ ...${STILL}, forward: 1 })`)}`,
    "bad-engine",
    'engine "still": field "forward" must be a function',
  ],
  [
    "what it opens claims nothing",
    `export default ${still(`open: async () => ({ ...${STILL}, capabilities: { trains: "some" } })`)}`,
    "bad-engine",
    'field "capabilities.trains" must be "full" or "lora"',
  ],
])("when %s, the error names the file", async (_, source, code, message) => {
  const folder = project({ "broken.mjs": source });
  const error = await open("./broken.mjs", folder).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringContaining(join(folder, "broken.mjs")) });
  expect((error as Error).message).toContain(message);
});

test("an error of ours that opening throws stays as it is", async () => {
  await expect(openEngine({ name: "onnx", model: "/nowhere" })).rejects.toMatchObject({ code: "bad-model" });
});

test("an installed package without an entry is broken, not absent", async () => {
  const folder = project({
    "node_modules/rrr-engine-x/package.json": '{"name":"rrr-engine-x","exports":{}}',
  });
  await expect(open("x", folder)).rejects.toMatchObject({ code: "plugin-failed" });
});

test.each([
  ["rrr/engine@2", "Update rrr."],
  ["rrr/engine@0", "npm install rrr-engine-still@latest"],
])("a package for %s is refused before it is loaded, with what to update", async (spec, hint) => {
  const folder = project(installed("rrr-engine-still", "process.exit(9)", { rrr: { spec } }));
  await expect(open("still", folder)).rejects.toMatchObject({
    code: "bad-engine",
    message: expect.stringMatching(new RegExp(`is written for ${spec}, and rrr \\S+ runs rrr/engine@1$`)),
    hint: expect.stringContaining(hint),
  });
});

test("a file for another version is refused", async () => {
  const folder = project({ "still.mjs": `export default ${still('spec: "rrr/engine@0"')}` });
  await expect(open("./still.mjs", folder)).rejects.toMatchObject({
    code: "bad-engine",
    hint: "Write the engine for rrr/engine@1.",
  });
});
