import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, readModelDir, type Stored, toModelFiles, weightShapes } from "@rrr/trainer";
import { MICRO_CONFIG, microModel } from "@rrr/trainer/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GoldenCase, goldenCases, goldenWeights, rule } from "../../trainer/test/golden-losses.ts";
import { createOnnxEngine } from "../src/engine.ts";
import { temporaryDir } from "./temporary-dir.ts";

let engine: Engine;
let start: Stored;
let folder: string;

beforeAll(async () => {
  const weights = new Map(
    [...weightShapes(MICRO_CONFIG)].map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const values = rule(goldenWeights.indexOf(name), size);
      const data = Float32Array.from(values, (v) => (name.endsWith("norm.weight") ? 1 + 0.1 * v : 0.3 * v));
      return [name, { shape, data }] as const;
    }),
  );
  const { files } = microModel();
  const bare = new Map([...files].filter(([name]) => name !== "config.json"));
  engine = await createOnnxEngine(toModelFiles(MICRO_CONFIG, weights, bare), { rows: 8, threads: 1 });
  folder = await mkdtemp(join(tmpdir(), "rrr-test-"));
  start = await engine.saveState(join(folder, "start"));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

test("the golden model is the engine's", async () => {
  const [{ data, logprobs }] = goldenCases as [GoldenCase];
  for (const [i, row] of (await engine.forward(data)).entries()) {
    for (const [t, value] of row.entries()) {
      expect(Math.abs(value - (logprobs[i]?.[t] ?? Number.NaN))).toBeLessThan(1e-5);
    }
  }
});

test.each(goldenCases)("the graph of $name", async ({ loss, data, expected }) => {
  await engine.loadState(start);
  const before = await weightsOf();
  const report = await engine.forwardBackward(data, loss);
  expect(Math.abs(report.loss - expected.loss)).toBeLessThan(1e-5);
  if (expected.entropy !== undefined) {
    expect(Math.abs((report.entropy ?? Number.NaN) - expected.entropy)).toBeLessThan(1e-5);
  } else expect(report.entropy).toBeUndefined();

  // With an ε far above any gradient, Adam's first step is −learningRate/ε times the gradient: here 8 times it, so
  // that it is not lost in the rounding of the weights.
  await engine.optimStep({ learningRate: 8e6, epsilon: 1e6 });
  const after = await weightsOf();
  for (const [index, name] of goldenWeights.entries()) {
    const [norm, along] = expected.gradients[index] ?? [];
    const values = before.get(name) ?? new Float32Array();
    const gradient = Float64Array.from(values, (value, i) => (value - (after.get(name)?.[i] ?? NaN)) / 8);
    const direction = rule(index + 1, gradient.length);
    const close = 1e-5 * Math.max(1, norm ?? NaN);
    expect(Math.abs(Math.hypot(...gradient) - (norm ?? NaN))).toBeLessThan(close);
    const component = gradient.reduce((sum, g, i) => sum + g * (direction[i] as number), 0);
    expect(Math.abs(component - (along ?? NaN))).toBeLessThan(close);
  }
});

async function weightsOf(): Promise<ReadonlyMap<string, Float32Array>> {
  const dir = join(await temporaryDir(), "model");
  await engine.exportModel(dir);
  return new Map([...(await readModelDir(dir)).weights].map(([name, { data }]) => [name, data]));
}
