import { appendFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import {
  checkpointOf,
  loadCheckpoint,
  newestCheckpoint,
  pruneCheckpoints,
  readCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
import type { Engine } from "./engine.ts";
import { temporaryDir } from "./fixtures/temporary-dir.ts";

test("a checkpoint says where model and state are, and restores an engine", async () => {
  const root = await temporaryDir();
  const engine = microEngine(1);
  const saved = await saveCheckpoint(root, engine, 120, { seed: 7 });
  expect(saved).toEqual({
    dir: join(root, "step-000120"),
    step: 120,
    weightsVersion: await engine.weightsVersion(),
    model: { kind: "folder", path: join(root, "step-000120"), layout: "other" },
    state: { kind: "folder", path: join(root, "step-000120", "state") },
    run: { seed: 7 },
  });
  expect(await newestCheckpoint(root)).toEqual(saved);
  const other = microEngine(2);
  await loadCheckpoint(other, saved);
  expect(await other.weightsVersion()).toBe(saved.weightsVersion);
});

test("what a save that was killed did not delete is deleted by who resumes", async () => {
  const root = await temporaryDir();
  const engine = microEngine(1);
  for (const step of [1, 2, 3, 4]) await saveCheckpoint(root, engine, step, null, 4);
  await pruneCheckpoints(root, 4, { newest: 2, steps: [1] });
  expect((await readdir(root)).sort()).toEqual(["step-000001", "step-000003", "step-000004"]);
  await expect(pruneCheckpoints(root, 4, { newest: 0 })).rejects.toMatchObject({ code: "bad-argument" });
});

test("a checkpoint may be moved", async () => {
  const [before, after] = [await temporaryDir(), await temporaryDir()];
  const { dir, weightsVersion } = await saveCheckpoint(before, microEngine(1), 3);
  await rename(dir, join(after, "step-000003"));
  const other = microEngine(2);
  await loadCheckpoint(other, await readCheckpoint(join(after, "step-000003")));
  expect(await other.weightsVersion()).toBe(weightsVersion);
});

test("a checkpoint of the format before still loads", async () => {
  const root = await temporaryDir();
  const { dir, weightsVersion } = await saveCheckpoint(root, microEngine(1), 5, { seed: 7 });
  const { step, run, files } = JSON.parse(await readFile(join(dir, "trainer.json"), "utf8"));
  const first = { format: "rrr/checkpoint@1", step, weightsHash: weightsVersion, run, files };
  await writeFile(join(dir, "trainer.json"), JSON.stringify(first));
  const found = await readCheckpoint(dir);
  expect(found).toMatchObject({ step: 5, weightsVersion, run: { seed: 7 } });
  const other = microEngine(2);
  await loadCheckpoint(other, found);
  expect(await other.weightsVersion()).toBe(weightsVersion);
});

/** Keeps state and model in a folder of its own, as a server does, and tells nothing but their addresses. */
async function servedEngine(seed: number, store: string): Promise<Engine> {
  const engine = microEngine(seed);
  const capabilities = { ...engine.capabilities, state: "address" } as const;
  const put = (name: string) => `test://${name}-${seed}`;
  const pathOf = (address: string) => join(store, address.slice("test://".length));
  return {
    ...engine,
    capabilities,
    async saveState() {
      await engine.saveState(pathOf(put("state")));
      return { kind: "address", address: put("state") };
    },
    async exportModel() {
      await engine.exportModel(pathOf(put("model")));
      return { kind: "address", address: put("model") };
    },
    loadState: (state) => {
      if (state.kind !== "address") throw new Error("not an address");
      return engine.loadState({ kind: "folder", path: pathOf(state.address) });
    },
  };
}

test("what an engine stores elsewhere is kept as an address", async () => {
  const [root, store] = [await temporaryDir(), await temporaryDir()];
  const saved = await saveCheckpoint(root, await servedEngine(1, store), 4);
  expect(await readdir(saved.dir)).toEqual(["trainer.json"]);
  expect(await newestCheckpoint(root)).toEqual(saved);
  expect(saved).toMatchObject({
    model: { kind: "address", address: "test://model-1" },
    state: { kind: "address", address: "test://state-1" },
  });
  const other = await servedEngine(2, store);
  await loadCheckpoint(other, saved);
  expect(await other.weightsVersion()).toBe(saved.weightsVersion);
});

test("a checkpoint from elsewhere that leads out of its folder is refused", async () => {
  const [root, outside] = [await temporaryDir(), await temporaryDir()];
  const { dir } = await saveCheckpoint(root, microEngine(1), 6);
  const manifest = await readFile(join(dir, "trainer.json"), "utf8");
  const state = JSON.parse(manifest).state.path;
  for (const path of ["../../x", "/etc", `${state}/../../..`]) {
    await writeFile(join(dir, "trainer.json"), manifest.replace(`"path": "${state}"`, `"path": "${path}"`));
    await expect(newestCheckpoint(root)).rejects.toMatchObject({
      code: "bad-checkpoint",
      message: expect.stringContaining("which is outside of it"),
    });
  }
  await writeFile(join(dir, "trainer.json"), manifest);
  await writeFile(join(outside, "notes"), "precious");
  await symlink(join(outside, "notes"), join(dir, "notes"));
  await expect(newestCheckpoint(root)).rejects.toThrow("notes is no file");
  await rm(join(dir, "notes"));
  await rename(dir, join(outside, "step"));
  await symlink(join(outside, "step"), dir);
  await expect(newestCheckpoint(root)).rejects.toThrow("is no folder");
});

test("weights that are not those that were saved are refused", async () => {
  const root = await temporaryDir();
  const saved = await saveCheckpoint(root, microEngine(1), 4);
  const other = { ...microEngine(2), loadState: async () => {} };
  await expect(loadCheckpoint(other, saved)).rejects.toMatchObject({ code: "bad-checkpoint" });
});

test("an engine that stores outside the checkpoint is refused, and nothing is left", async () => {
  const [root, outside] = [await temporaryDir(), await temporaryDir()];
  const engine = microEngine();
  const stray: Engine = { ...engine, saveState: () => engine.saveState(outside) };
  await expect(saveCheckpoint(root, stray, 1)).rejects.toThrow(`stored in ${outside}`);
  expect(await readdir(root)).toEqual([]);
});

test("the newest few are kept, unfinished ones never taken", async () => {
  const root = await temporaryDir();
  const engine = microEngine();
  for (const step of [8, 9, 10, 11]) await saveCheckpoint(root, engine, step, null, 2);
  expect((await readdir(root)).sort()).toEqual(["step-000010", "step-000011"]);
  await saveCheckpoint(root, engine, 12, null, 1);
  expect(await readdir(root)).toEqual(["step-000012"]);
  await mkdir(join(root, ".step-000013.tmp-1-0"));
  await mkdir(join(root, "..step-000013.tmp-1-0.tmp-1-1"));
  expect((await newestCheckpoint(root))?.step).toBe(12);
  await saveCheckpoint(root, engine, 14, null, 1);
  expect(await readdir(root)).toEqual(["step-000014"]);
  await expect(saveCheckpoint(root, engine, 15, null, 0)).rejects.toMatchObject({ code: "bad-argument" });
  expect(await newestCheckpoint(join(root, "nowhere"))).toBeUndefined();
});

test.each([
  ["an edited file", (dir: string) => appendFile(join(dir, "weights.bin"), " "), "weights.bin is not what"],
  ["a file too few", (dir: string) => rm(join(dir, "state", "state.bin")), "state/state.bin is missing"],
  ["a file too many", (dir: string) => writeFile(join(dir, "state", "x"), ""), "state/x is not what"],
  ["no manifest", (dir: string) => rm(join(dir, "trainer.json")), "trainer.json"],
  [
    "another format",
    (dir: string) => writeFile(join(dir, "trainer.json"), '{"format":"?"}'),
    'format is "?"',
  ],
])("%s is refused by name, and no older checkpoint is taken instead", async (_, damage, message) => {
  const root = await temporaryDir();
  const engine = microEngine();
  await saveCheckpoint(root, engine, 1);
  const { dir } = await saveCheckpoint(root, engine, 2);
  await damage(dir);
  await expect(newestCheckpoint(root)).rejects.toMatchObject({ code: "bad-checkpoint" });
  await expect(newestCheckpoint(root)).rejects.toThrow(message);
  await expect(newestCheckpoint(root)).rejects.toThrow("step-000002");
  expect((await readCheckpoint(join(root, "step-000001"))).step).toBe(1);
});

test("beside the newest checkpoints those of certain steps stay", async () => {
  const root = await temporaryDir();
  const engine = microEngine(1);
  for (const step of [0, 10, 20, 30]) {
    await saveCheckpoint(root, engine, step, null, { newest: 1, steps: [10] });
  }
  expect((await readdir(root)).sort()).toEqual(["step-000010", "step-000030"]);
  expect(await checkpointOf(root, 10)).toMatchObject({ step: 10 });
  await expect(checkpointOf(root, 20)).rejects.toMatchObject({ code: "bad-checkpoint" });
});
