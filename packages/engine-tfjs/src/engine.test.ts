import { microModel, testEngine } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { createTfjsEngine } from "./index.ts";

test.each(["wasm", "cpu"] as const)("it keeps the engine contract on %s", async (backend) => {
  const result = await testEngine(() => createTfjsEngine(microModel(1), { backend }));
  expect(result).toEqual({ findings: [], untested: [] });
});
