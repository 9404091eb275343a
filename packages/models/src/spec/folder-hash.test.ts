import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder } from "../../test/new-folder.ts";
import { folderHash } from "./folder-hash.ts";

function model(): string {
  const folder = newFolder();
  mkdirSync(join(folder, "onnx"));
  writeFileSync(join(folder, "config.json"), "{}");
  writeFileSync(join(folder, "onnx/model.onnx"), "weights");
  return folder;
}

test("the same files have the same hash wherever they are; a byte or a name is a difference", async () => {
  const [a, b] = [model(), model()];
  const hash = await folderHash(a);
  expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await folderHash(b)).toBe(hash);
  writeFileSync(join(b, "onnx/model.onnx"), "weightz");
  expect(await folderHash(b)).not.toBe(hash);
  renameSync(join(a, "config.json"), join(a, "konfig.json"));
  expect(await folderHash(a)).not.toBe(hash);
});

test("of named files only they count, not a note beside them", async () => {
  const folder = model();
  const hash = () => folderHash(folder, ["onnx/model.onnx", "config.json"]);
  const before = await hash();
  writeFileSync(join(folder, "README.md"), "for later");
  expect(await hash()).toBe(before);
  writeFileSync(join(folder, "config.json"), "{ }");
  expect(await hash()).not.toBe(before);
});

test("a folder that is not there is said", async () => {
  await expect(folderHash("/nowhere")).rejects.toMatchObject({ code: "bad-model" });
});
