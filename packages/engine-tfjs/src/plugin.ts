import { resolve } from "node:path";
import { type OptionSchema, schemaOf } from "@rrr/core";
import { defineEngine, type EnginePlugin, mergeInPlace, readAdaptedDir } from "@rrr/trainer";
import { createTfjsEngine, type TfjsEngineOptions } from "./engine.ts";
import { BACKENDS, type BackendName } from "./runtime/candidates.ts";

/** What the engine can be opened with by name. */
export interface TfjsPluginOptions extends TfjsEngineOptions {
  /** A folder with an adapter of the model, in PEFT's layout: merged into it. */
  readonly adapter?: string;
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isBackend = (value: unknown): value is BackendName => BACKENDS.includes(value as BackendName);
const backend: OptionSchema<BackendName> = schemaOf(isBackend, BACKENDS.join(", "));

/** The engine on TensorFlow.js, by name: `tfjs`. */
export const plugin: EnginePlugin<TfjsPluginOptions> = defineEngine<TfjsPluginOptions>({
  name: "tfjs",
  options: {
    rows: schemaOf(isCount, "a whole number of at least 1"),
    backend,
    adapter: schemaOf(isText, "a folder"),
  },
  open: async ({ model: dir, options: { adapter: from, ...own } }) => {
    const { model, adapter } = await readAdaptedDir(dir, from === undefined ? undefined : resolve(from));
    if (adapter !== undefined) mergeInPlace(model.weights, adapter);
    return createTfjsEngine(model, own);
  },
});
