import type { EngineSpec } from "./run-spec.ts";

/** The engine that comes with rrr: its models are folders. */
export const EMBEDDED = "onnx";

/**
 * The engine of a run that is forced: the embedded one reads a model also where it estimates that the memory is too small.
 * What its options say themselves stays.
 */
export function forcedEngine(engine: EngineSpec): EngineSpec {
  if (engine.name !== EMBEDDED) return engine;
  return { ...engine, options: { checkMemory: false, ...engine.options } };
}
