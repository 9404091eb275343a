import { type OptionSchema, schemaOf } from "@rrr/core";
import { defineEngine, type EnginePlugin, readModelDir } from "@rrr/trainer";
import { createOnnxEngine, type OnnxEngineOptions } from "./engine.ts";

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

function atLeast(least: number): OptionSchema<number> {
  const is = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= least;
  return schemaOf(is, `a whole number of at least ${least}`);
}

/** The embedded engine, by name: `onnx`. */
export const plugin: EnginePlugin<OnnxEngineOptions> = defineEngine<OnnxEngineOptions>({
  name: "onnx",
  options: { rows: atLeast(1), threads: atLeast(0), spinning: schemaOf(isBoolean, "true or false") },
  open: async ({ model, options }) => createOnnxEngine(await readModelDir(model), options),
});
