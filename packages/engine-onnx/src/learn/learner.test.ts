import type { Datum } from "@rrr/trainer";
import { createOptimiser } from "@rrr/trainer/local";
import { microModel } from "@rrr/trainer/testing";
import { expect, onTestFinished, test } from "vitest";
import { fullParameters } from "../decoder/parameters.ts";
import { batchSizes } from "../memory.ts";
import { createBatchRunner } from "./batch-runner.ts";
import { createLearner } from "./learner.ts";

const data = Array.from({ length: 8 }, (_, d): Datum => {
  const targets = Int32Array.from({ length: 40 }, (_, i) => (5 * i + 11 * d) % 48);
  return { prompt: Int32Array.of(d + 1), targets, weights: new Float32Array(40).fill(1) };
});
const loss = { kind: "cross-entropy" } as const;

test("what fails half-way leaves no gradient behind, nor a broken learner", async () => {
  const { config, weights } = microModel(4);
  const parameters = fullParameters(config, weights);
  const optimiser = createOptimiser(parameters.trained, parameters.values);
  const runner = createBatchRunner(config, parameters, optimiser, { threads: 1 });
  onTestFinished(() => runner.close());
  let batches = 0;
  let failing = 0;
  const lane = {
    ...runner,
    differentiate: async (...batch: Parameters<typeof runner.differentiate>) => {
      if (++batches === failing) throw new Error("the runtime failed");
      return runner.differentiate(...batch);
    },
  };
  const learner = createLearner(config, optimiser, [lane], { ...batchSizes(config), tokens: 96 });
  await learner.forwardBackward(data, loss);
  const expected = optimiser.gradient.slice();
  expect([batches > 2, expected.some((each) => each !== 0)]).toEqual([true, true]);
  failing = batches + 2;
  await expect(learner.forwardBackward(data, loss)).rejects.toThrow("the runtime failed");
  expect(optimiser.gradient.every((each) => each === 0)).toBe(true);
  await learner.forwardBackward(data, loss);
  expect(optimiser.gradient).toEqual(expected);
});
