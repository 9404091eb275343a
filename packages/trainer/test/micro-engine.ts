import { createOnnxEngine } from "@rrr/engine-onnx";
import { onTestFinished } from "vitest";
import type { Engine } from "../src/engine.ts";
import { microModel } from "../src/fixtures/micro-model.ts";
import type { ModelFiles } from "../src/model-files/model-dir.ts";

/** The real engine with a few thousand weights; closed when the test ends. */
export async function microEngine(model: ModelFiles = microModel()): Promise<Engine> {
  const engine = await createOnnxEngine(model, { rows: 32, threads: 1 });
  onTestFinished(() => engine.close());
  return engine;
}
