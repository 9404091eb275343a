import { expect, test } from "vitest";
import { microModel } from "../../fixtures/micro-model.ts";
import { testEngine } from "../../testing/index.ts";
import { createOnnxEngine } from "./index.ts";

test("it keeps the engine contract", async () => {
  expect(await testEngine(() => createOnnxEngine(microModel(3), { rows: 8, threads: 1 }))).toEqual([]);
});
