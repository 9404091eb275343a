import { appendFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import { loadCheckpoint, newestCheckpoint, readCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { microModel } from "./fixtures/micro-model.ts";
import { temporaryDir } from "./fixtures/temporary-dir.ts";
import { readModelDir } from "./model-files/model-dir.ts";

test("a checkpoint is a model in Hugging Face layout, and restores an engine", async () => {
  const root = await temporaryDir();
  const engine = await microEngine(microModel(1));
  const saved = await saveCheckpoint(root, engine, 120, { seed: 7 });
  expect(saved.dir).toBe(join(root, "step-000120"));
  expect((await readModelDir(saved.dir)).weights).toEqual(microModel(1).weights);
  const found = await newestCheckpoint(root);
  expect(found).toEqual({
    dir: saved.dir,
    step: 120,
    weightsHash: await engine.weightsHash(),
    run: { seed: 7 },
  });
  const other = await microEngine(microModel(2));
  await loadCheckpoint(other, saved);
  expect(await other.weightsHash()).toBe(saved.weightsHash);
});

test("the newest few are kept, unfinished ones never taken", async () => {
  const root = await temporaryDir();
  const engine = await microEngine();
  for (const step of [8, 9, 10, 11]) await saveCheckpoint(root, engine, step, null, 2);
  expect((await readdir(root)).sort()).toEqual(["step-000010", "step-000011"]);
  await saveCheckpoint(root, engine, 12, null, 1);
  expect(await readdir(root)).toEqual(["step-000012"]);
  await mkdir(join(root, ".step-000013.tmp-1-0"));
  expect((await newestCheckpoint(root))?.step).toBe(12);
  await saveCheckpoint(root, engine, 14, null, 1);
  expect(await readdir(root)).toEqual(["step-000014"]);
  await expect(saveCheckpoint(root, engine, 15, null, 0)).rejects.toMatchObject({ code: "bad-argument" });
  expect(await newestCheckpoint(join(root, "nowhere"))).toBeUndefined();
});

test.each([
  [
    "an edited file",
    (dir: string) => appendFile(join(dir, "tokenizer.json"), " "),
    "tokenizer.json is not what",
  ],
  ["a file too few", (dir: string) => rm(join(dir, "model.safetensors")), "model.safetensors is missing"],
  ["a file too many", (dir: string) => writeFile(join(dir, "state", "x"), ""), "state/x is not what"],
  ["no manifest", (dir: string) => rm(join(dir, "trainer.json")), "trainer.json"],
  [
    "another format",
    (dir: string) => writeFile(join(dir, "trainer.json"), '{"format":"?"}'),
    'format is "?"',
  ],
])("%s is refused by name, and no older checkpoint is taken instead", async (_, damage, message) => {
  const root = await temporaryDir();
  const engine = await microEngine();
  await saveCheckpoint(root, engine, 1);
  const { dir } = await saveCheckpoint(root, engine, 2);
  await damage(dir);
  await expect(newestCheckpoint(root)).rejects.toMatchObject({ code: "bad-checkpoint" });
  await expect(newestCheckpoint(root)).rejects.toThrow(message);
  await expect(newestCheckpoint(root)).rejects.toThrow("step-000002");
  expect((await readCheckpoint(join(root, "step-000001"))).step).toBe(1);
});
