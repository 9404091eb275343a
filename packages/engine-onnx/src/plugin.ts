import { resolve } from "node:path";
import type { Device } from "@rrr/autodiff";
import { type OptionSchema, RrrError, schemaOf } from "@rrr/core";
import {
  type AdaptedModel,
  type Adapter,
  defineEngine,
  type EnginePlugin,
  initAdapter,
  mergeInPlace,
  readAdaptedDir,
} from "@rrr/trainer";
import { checkMemory } from "./check-memory.ts";
import { createOnnxEngine, type OnnxEngineOptions } from "./engine.ts";
import { bytesOf } from "./memory-plan.ts";

/** What the engine can be opened with by name. */
export interface OnnxPluginOptions extends Omit<OnnxEngineOptions, "adapter" | "folder" | "memory" | "use"> {
  /** What the process may take, e.g. `6GB`: as `memory` of `createOnnxEngine`. */
  readonly memory?: string;
  /** Rank of the adapter that is trained in place of all weights. */
  readonly lora?: number;
  /** Its scale is this by the rank. Default: twice the rank. */
  readonly loraAlpha?: number;
  /** Projections that it changes, e.g. `q_proj`. Default: all of the layers. */
  readonly loraTargets?: readonly string[];
  /** A folder with an adapter of the model, in PEFT's layout. With `lora` it is trained on, else merged. */
  readonly adapter?: string;
  /** Refuse a model that the memory is too small for, before it is read. Default true. */
  readonly checkMemory?: boolean;
}

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isSize = (value: unknown): value is string => typeof value === "string" && bytesOf(value) !== undefined;
const isPositive = (value: unknown): value is number => Number.isFinite(value) && (value as number) > 0;
const isDevice = (value: unknown): value is Device => value === "cpu" || value === "webgpu";
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText);

function atLeast(least: number): OptionSchema<number> {
  const is = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= least;
  return schemaOf(is, `a whole number of at least ${least}`);
}

/** The embedded engine, by name: `onnx`. */
export const plugin: EnginePlugin<OnnxPluginOptions> = defineEngine<OnnxPluginOptions>({
  name: "onnx",
  options: {
    rows: atLeast(1),
    threads: atLeast(0),
    lanes: atLeast(1),
    spinning: schemaOf(isBoolean, "true or false"),
    device: schemaOf(isDevice, "cpu or webgpu"),
    lora: atLeast(1),
    loraAlpha: schemaOf(isPositive, "a number above 0"),
    loraTargets: schemaOf(isNames, "a list of names"),
    adapter: schemaOf(isText, "a folder"),
    memory: schemaOf(isSize, "a size such as 6GB or 1.5GiB"),
    checkMemory: schemaOf(isBoolean, "true or false"),
  },
  open: async ({ model: dir, options, use = "sample" }) => {
    const {
      lora,
      loraAlpha,
      loraTargets,
      adapter: from,
      memory,
      checkMemory: checks = true,
      ...others
    } = options;
    const limit = memory === undefined ? undefined : bytesOf(memory);
    const own = { ...others, use, ...(limit === undefined ? {} : { memory: limit }) };
    if (lora === undefined && (loraAlpha ?? loraTargets) !== undefined) {
      throw new RrrError("bad-argument", "loraAlpha and loraTargets are of an adapter, and none is trained", {
        hint: "Give its rank as well: --lora 16.",
      });
    }
    const adapter = lora === undefined ? undefined : { rank: lora, alpha: loraAlpha, targets: loraTargets };
    const doing = use === "sample" ? use : adapter === undefined ? "full" : "lora";
    if (checks) await checkMemory(dir, doing, { adapter, limit, rows: own.rows });
    const read = await readAdaptedDir(dir, from === undefined ? undefined : resolve(from));
    if (adapter !== undefined) {
      return createOnnxEngine(read.model, { ...own, adapter: adapterFor(read, adapter), folder: read.dir });
    }
    if (read.adapter !== undefined) mergeInPlace(read.model.weights, read.adapter);
    return createOnnxEngine(read.model, { ...own, folder: read.dir });
  },
});

/** The adapter that the model came with, or a new one. @throws bad-argument where the two differ */
function adapterFor({ model, adapter }: AdaptedModel, settings: Parameters<typeof initAdapter>[1]): Adapter {
  if (adapter === undefined) return initAdapter(model.config, settings);
  const { rank, alpha, targets } = settings;
  const ranks = new Set([...adapter.modules.values()].map(({ a }) => a.shape[0]));
  if (ranks.size === 1 && ranks.has(rank) && alpha === undefined && targets === undefined) return adapter;
  throw new RrrError(
    "bad-argument",
    "the model has an adapter, whose settings are not those that are asked for",
    {
      hint: `Give --lora ${[...ranks][0]} alone to train it on, or a model without an adapter.`,
    },
  );
}
