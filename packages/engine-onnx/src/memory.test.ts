import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DecoderConfig, toHuggingFaceConfig } from "@rrr/trainer";
import { MICRO_CONFIG } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { temporaryDir } from "../test/temporary-dir.ts";
import { checkMemory } from "./check-memory.ts";
import { packBatches } from "./learn/packing.ts";
import { batchSizes, estimateMemory, type Use } from "./memory.ts";
import { bytesOf, type MemoryPlan, planMemory, planText } from "./memory-plan.ts";

const GIB = 2 ** 30;

/** The shapes of the built-in model, SmolLM2-135M and Qwen2.5-0.5B. */
const BUILTIN: DecoderConfig = {
  ...MICRO_CONFIG,
  ...{ vocabSize: 64, hiddenSize: 192, intermediateSize: 512, numLayers: 4, numHeads: 6, numKvHeads: 6 },
  headDim: 32,
};
const SMOLLM2: DecoderConfig = {
  ...MICRO_CONFIG,
  modelType: "llama",
  ...{
    vocabSize: 49_152,
    hiddenSize: 576,
    intermediateSize: 1536,
    numLayers: 30,
    numHeads: 9,
    numKvHeads: 3,
  },
  headDim: 64,
};
const QWEN: DecoderConfig = {
  ...MICRO_CONFIG,
  modelType: "qwen2",
  ...{ vocabSize: 151_936, hiddenSize: 896, intermediateSize: 4864, numLayers: 24, numHeads: 14 },
  ...{ numKvHeads: 2, headDim: 64 },
};

test("small models keep their batches; of large ones batches are smaller, and less of them is for nothing", () => {
  for (const config of [MICRO_CONFIG, BUILTIN]) {
    expect(batchSizes(config)).toEqual({ tokens: 1024, slotShares: 2, keepsMemory: true });
  }
  const [small, large] = [batchSizes(SMOLLM2), batchSizes(QWEN)];
  expect([small.keepsMemory, large.keepsMemory]).toEqual([false, false]);
  expect(small.tokens).toBeLessThan(1024);
  expect(large.tokens).toBeLessThanOrEqual(small.tokens);
  const data = Array.from({ length: 8 }, () => ({
    prompt: new Int32Array(200),
    targets: new Int32Array(30),
    weights: new Float32Array(30),
  }));
  for (const { shape, spans } of packBatches(data, 8192, large)) {
    const scored = spans.reduce((sum, { count }) => sum + count, 0);
    expect(shape.rows * shape.length).toBeLessThanOrEqual(Math.max(large.tokens, shape.length));
    expect(shape.slots).toBeGreaterThanOrEqual(scored);
    expect(shape.slots).toBeLessThan(scored + (shape.rows * shape.length) / 8 + 1);
  }
});

test("an adapter of a model takes less than all of its weights", () => {
  for (const config of [SMOLLM2, QWEN]) {
    const [full, lora, sample] = (["full", "lora", "sample"] as const).map((use) =>
      estimateMemory(config, use),
    ) as [number, number, number];
    expect(lora).toBeLessThan(full);
    expect(sample).toBeLessThan(full);
  }
  expect(estimateMemory(SMOLLM2, "lora")).toBeLessThan(6 * GIB);
  expect(estimateMemory(QWEN, "lora")).toBeLessThan(10 * GIB);
});

test("a wide adapter takes what its values take, seven times, and one of fewer projections less", async () => {
  const at = (rank: number, targets?: readonly string[]) =>
    estimateMemory(SMOLLM2, "lora", { rank, targets }) - estimateMemory(SMOLLM2, "lora");
  expect(at(8)).toBe(0);
  // By layer and rank: q and o 2 · (576 + 576), k and v 2 · (192 + 576), the three of the MLP 3 · (1536 + 576).
  const floats = 30 * 192 * (2 * 1152 + 2 * 768 + 3 * 2112);
  expect(at(192) - at(96)).toBeCloseTo((4 * 7 * floats) / 2);
  expect(at(192, ["q_proj"])).toBeLessThan(at(192));
  const dir = await temporaryDir();
  await writeFile(join(dir, "config.json"), JSON.stringify(toHuggingFaceConfig(SMOLLM2, "F32")));
  await checkMemory(dir, "lora", { adapter: { rank: 16 } }, 6 * GIB);
  await expect(checkMemory(dir, "lora", { adapter: { rank: 512 } }, 6 * GIB)).rejects.toMatchObject({
    code: "out-of-memory",
    hint: expect.stringContaining("a smaller one instead"),
  });
});

test("a model that cannot fit says so from its config.json alone", async () => {
  const dir = await temporaryDir();
  await writeFile(join(dir, "config.json"), JSON.stringify(toHuggingFaceConfig(QWEN, "F32")));
  await expect(checkMemory(dir, "full", undefined, 9 * GIB)).rejects.toMatchObject({
    code: "out-of-memory",
    message: expect.stringMatching(/about \d+\.\d GiB are needed to train all weights.*9\.0 GiB are free/),
    hint: expect.stringContaining("--lora 16"),
  });
  await expect(checkMemory(dir, "lora", undefined, 2 * GIB)).rejects.toMatchObject({
    hint: expect.stringContaining("smaller model"),
  });
  await checkMemory(dir, "lora", undefined, 10 * GIB);
  const small = await temporaryDir();
  await writeFile(join(small, "config.json"), JSON.stringify(toHuggingFaceConfig(MICRO_CONFIG, "F32")));
  await checkMemory(small, "full", undefined, 0);
});

test("memory is a setting: batches, rows and cache are planned within it", () => {
  const plan = (config: DecoderConfig, use: Use, gibs: number) => planMemory(config, use, gibs * GIB);
  const total = ({ parts }: MemoryPlan) =>
    Object.values(parts).reduce((sum: number, part: number) => sum + part, 0);
  for (const [config, use, sizes] of [
    [SMOLLM2, "lora", [2.3, 3, 4, 6, 12]],
    [SMOLLM2, "full", [4.1, 5, 8]],
    [QWEN, "lora", [5, 6, 10]],
    [BUILTIN, "full", [1, 2]],
  ] as const) {
    const plans = sizes.map((gibs) => plan(config, use, gibs));
    plans.forEach((each, i) => {
      expect(total(each)).toBeLessThanOrEqual((sizes[i] ?? 0) * GIB);
      expect(each.rows % 8).toBe(0);
      const usual = Math.min(320, Math.ceil(config.maxPositions / 32) * 32);
      expect(each.cachedTokens).toBeGreaterThanOrEqual(each.rows * usual);
      expect(each.batch.longest).toBeGreaterThanOrEqual(Math.min(256, config.maxPositions));
    });
    const most = ({ rows, cachedTokens, batch: { longest = 0 } }: MemoryPlan) => [
      rows,
      cachedTokens,
      longest,
    ];
    // What is halved of one leaves more for the other.
    const [least = [], greatest = []] = [plans[0], plans.at(-1)].map((each) => each && most(each));
    for (const [i, value] of greatest.entries()) expect(value).toBeGreaterThanOrEqual(least[i] ?? 0);
    expect(plans.at(-1)?.batch.tokens).toBeGreaterThanOrEqual(plans[0]?.batch.tokens ?? 0);
  }
  expect(plan(SMOLLM2, "lora", 12).batch.tokens).toBe(1024);
  expect(planMemory(SMOLLM2, "sample", 3 * GIB, { rows: 24 }).rows).toBeLessThanOrEqual(24);
  expect(planText(plan(SMOLLM2, "lora", 3))).toMatch(
    /^memory: \d\.\d GiB of 3\.0 GiB planned, by estimate: 0\.5 GiB for weights, .* for batches of \d+ tokens, .* for \d+ rows of \d+ tokens/,
  );
});

test("a plan for all weights says that the reference of a KL penalty is not in it", () => {
  const [full, lora] = (["full", "lora"] as const).map((use) => planText(planMemory(SMOLLM2, use, 8 * GIB)));
  expect(full).toMatch(/\. A KL penalty opens the model once more, which is not in it$/);
  expect(lora).not.toContain("KL");
});

test("no row of a plan is longer than was planned, and trees fill rows where they may", () => {
  const data = Array.from({ length: 16 }, (_, i) => ({
    prompt: new Int32Array(200),
    targets: new Int32Array(40).fill(i),
    weights: new Float32Array(40),
  }));
  const sizes = { tokens: 256, slotShares: 8 };
  const longestRow = (longest?: number) =>
    Math.max(
      ...packBatches(data, 8192, { ...sizes, ...(longest && { longest }) }).map(({ shape }) => shape.length),
    );
  expect(longestRow()).toBe(320);
  expect(longestRow(256)).toBe(256);
});

test("a plan that cannot fit says what would", () => {
  expect(() => planMemory(QWEN, "full", 8 * GIB)).toThrowError(
    expect.objectContaining({
      code: "out-of-memory",
      hint: expect.stringMatching(/An adapter fits.*--lora 16/),
    }),
  );
  const tooLittle = (): unknown => planMemory(QWEN, "lora", 2 * GIB);
  expect(tooLittle).toThrowError(/2\.0 GiB of memory are too few to train an adapter of/);
  const { hint } = errorOf(tooLittle);
  const [, named] = /--memory (\d+\.\d)GiB/.exec(hint ?? "") ?? [];
  planMemory(QWEN, "lora", Number(named) * GIB);
});

test("sizes are read in units that people write", () => {
  const sizes = ["6GB", "1.5GiB", "800 MB", "512mib", "6", "GB", "-1GB", "0GB", "6GBs"];
  expect(sizes.map(bytesOf)).toEqual([6e9, 1.5 * GIB, 800e6, 512 * 2 ** 20, ...Array(5).fill(undefined)]);
});

function errorOf(run: () => unknown): { readonly hint?: string } {
  try {
    run();
  } catch (error) {
    return error as { readonly hint?: string };
  }
  throw new Error("nothing was thrown");
}
