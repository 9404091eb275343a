import { initWeights, toModelFiles } from "@rrr/trainer";
import { MICRO_CONFIG, microModel, testEngine } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { createTfjsEngine } from "./index.ts";

const whole = { findings: [], untested: [] };

test("it keeps the engine contract on WebAssembly", async () => {
  expect(await testEngine(() => createTfjsEngine(microModel(1), { backend: "wasm" }))).toEqual(whole);
}, 120_000);

// The micro model has two layers, and this backend is slow.
test("it keeps the engine contract in plain JavaScript", async () => {
  const config = { ...MICRO_CONFIG, numLayers: 1 };
  const bare = new Map([...microModel().files].filter(([name]) => name !== "config.json"));
  const model = toModelFiles(config, initWeights(config, 2), bare);
  expect(await testEngine(() => createTfjsEngine(model, { backend: "cpu" }))).toEqual(whole);
}, 180_000);
