import { createHash } from "node:crypto";
import type { Device } from "@rrr/autodiff";
import { RrrError } from "@rrr/core";
import type {
  AdamSettings,
  Adapter,
  Datum,
  DecoderConfig,
  Engine,
  EngineCapabilities,
  EngineUse,
  ModelFiles,
  OptimReport,
} from "@rrr/trainer";
import { writeModelDir } from "@rrr/trainer";
import {
  checkAtLeast,
  checkSample,
  createOptimiser,
  createTurns,
  folderOf,
  loadLearnerState,
  type Optimiser,
  saveLearnerState,
  views,
} from "@rrr/trainer/local";
import { createAdapterPart } from "./adapter-part.ts";
import { fullParameters, loraParameters } from "./decoder/parameters.ts";
import { openDeviceLane } from "./device/device-lane.ts";
import { type Lanes, ownLane, threadLanes, usualLanes } from "./lanes/open-lanes.ts";
import { createLearner } from "./learn/learner.ts";
import { batchSizes } from "./memory.ts";
import { type MemoryPlan, planMemory, planText } from "./memory-plan.ts";
import { rethrow } from "./rrr-error.ts";
import type { SamplerOptions } from "./sample/sampler.ts";

export interface OnnxEngineOptions {
  /** Most completions written at once; a multiple of 8 is best. Default 128. */
  readonly rows?: number;
  /** Threads of the runtime. Default 0: one per core. */
  readonly threads?: number;
  /**
   * Threads of Node that sample and differentiate side by side, each with a copy of the model and a share of `threads`.
   * Default: up to 4 for a model of 0.5 to 6 million weights, one for others and with `memory`.
   */
  readonly lanes?: number;
  /** Threads wait for work by spinning: little faster alone, far slower beside other programs. Default false. */
  readonly spinning?: boolean;
  /** Where it computes. `webgpu`: on a GPU, with weights, gradients, optimiser and cache there. Default `cpu`. */
  readonly device?: Device;
  /** Trains this adapter, beside weights that stay as they are. Default: all weights are trained. */
  readonly adapter?: Adapter;
  /** Bytes that the process may take, by estimate: batches and rows are planned within it. Default: as the model is large. */
  readonly memory?: number;
  /** What it is opened for: memory is planned for that. Default `train`. */
  readonly use?: EngineUse;
  /** The model's folder: what is written of an adapter says where its base is. */
  readonly folder?: string;
}

const CAPABILITIES: EngineCapabilities = {
  trains: "full",
  fixed: {},
  normalizations: ["grpo", "dapo", "dr_grpo"],
  surrogates: ["ppo", "gspo", "cispo"],
  entropy: true,
  seeds: true,
  logprobs: "sampling",
  state: "folder",
};

/**
 * The embedded engine: graphs emitted by `@rrr/autodiff`, run by onnxruntime on the CPU or a GPU. It keeps its own copy of the
 * weights or, with an adapter, reads those of `model` where they are: they must not change. Calls that score or train wait
 * for each other; do not step while samples are being written.
 * @throws bad-argument; out-of-memory where `memory` is too little
 */
export async function createOnnxEngine(model: ModelFiles, options: OnnxEngineOptions = {}): Promise<Engine> {
  const { rows = 128, spinning = false, device = "cpu" } = options;
  // On a GPU threads have nothing to do.
  const threads = device === "cpu" ? (options.threads ?? 0) : 1;
  checkAtLeast("rows", rows, 1);
  checkAtLeast("threads", threads, 0);
  checkAtLeast("lanes", options.lanes ?? 1, 1);
  if (device !== "cpu" && (options.lanes ?? 1) > 1) {
    throw new RrrError("bad-argument", `lanes are threads of the CPU, and the device is ${device}`);
  }
  if (options.memory !== undefined && (options.lanes ?? 1) > 1) {
    throw new RrrError("bad-argument", "memory is planned for one lane: each has a copy of the model");
  }
  const { config, tokenizer, files } = model;
  const { adapter } = options;
  const parameters =
    adapter === undefined
      ? fullParameters(config, model.weights)
      : loraParameters(config, model.weights, adapter);
  const { trained, values } = parameters;
  const lora = adapter && createAdapterPart(model, adapter, parameters, options.folder);
  const plan = memoryPlan(config, options);
  const laneOptions: SamplerOptions = {
    ...{ threads, spinning, device, arena: batchSizes(config).keepsMemory },
    stopIds: [...new Set([...tokenizer.stopIds, ...config.eosTokenIds])],
    ...{ rows: plan?.rows ?? rows, cachedTokens: plan?.cachedTokens, prefixBlocks: plan?.prefixBlocks },
  };
  const openHere = (): Place => {
    const optimiser = createOptimiser(trained, values);
    const { lanes: count = plan === undefined ? usualLanes(config, threads) : 1 } = options;
    const opened =
      count === 1
        ? ownLane(config, parameters, optimiser, laneOptions)
        : threadLanes(count, { config, weights: model.weights, adapter }, values, laneOptions);
    return { ...opened, optimiser };
  };
  const lanes: Place =
    device === "cpu" ? openHere() : await openDeviceLane(config, parameters, laneOptions).catch(rethrow);
  const { optimiser } = lanes;
  const learner = createLearner(config, optimiser, lanes.learning, plan?.batch);

  const turns = createTurns();
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => turns(work).catch(rethrow);
  /** In turn, with what was trained on a device brought into the arrays here. */
  const withValues = <T>(work: () => T | Promise<T>): Promise<T> =>
    inTurn(async () => {
      await lanes.toHost?.();
      return work();
    });

  return {
    name: "onnx",
    capabilities: { ...CAPABILITIES, trains: lora === undefined ? "full" : "lora" },
    tokenizer,
    contextLength: config.maxPositions,
    notes: [...(plan ? [planText(plan)] : []), ...(lanes.note === undefined ? [] : [lanes.note])],
    ...(device !== "cpu" && { runtime: device }),
    async sample(prompt, sampleOptions) {
      checkSample(config, prompt, sampleOptions);
      return lanes.sample(prompt, sampleOptions).catch(rethrow);
    },
    forward: (data) => inTurn(() => learner.forward(data)),
    forwardBackward: (data, loss) => inTurn(() => learner.forwardBackward(data, loss)),
    optimStep: (adam) =>
      inTurn(async () => {
        try {
          return await optimiser.step(adam);
        } finally {
          lanes.refresh();
        }
      }),
    saveState: (dir) =>
      withValues(async () => {
        await saveLearnerState(dir, trained, {
          values,
          adam: optimiser.state,
          frozen: lora?.frozen(),
        });
        return { kind: "folder", path: dir };
      }),
    loadState: (state) =>
      inTurn(async () => {
        const known = { values, adam: optimiser.state, frozen: lora?.frozen() };
        await loadLearnerState(folderOf(state), trained, known);
        lanes.fromHost?.();
        lanes.refresh();
        optimiser.clear();
      }),
    exportModel: (dir) =>
      withValues(async () => {
        const weights = lora?.merged() ?? views(trained, values);
        await writeModelDir(dir, { config, files, weights }, "F32");
        return { kind: "folder", path: dir, layout: "hugging-face" };
      }),
    ...(lora && {
      exportAdapter: (dir: string) => withValues(() => lora.write(dir)),
      initial: { forward: (data: readonly Datum[]) => inTurn(() => learner.forward(data, lora.opened)) },
    }),
    weightsVersion: () =>
      withValues(() =>
        createHash("sha256")
          .update(lora?.frozen() ?? "")
          .update(values)
          .digest("hex"),
      ),
    async close() {
      await turns(() => {});
      await lanes.close();
    },
  };
}

/** Where the engine works, with the optimiser that is there. */
interface Place extends Lanes {
  readonly optimiser: Pick<Optimiser, "state" | "add" | "clear"> & {
    step(settings: AdamSettings): OptimReport | Promise<OptimReport>;
  };
  readonly note?: string;
  /** Where what is trained is not in `values`: brings it there, and takes it from there. */
  toHost?(): Promise<void>;
  fromHost?(): void;
}

/** Where memory is a setting. @throws bad-argument, out-of-memory */
function memoryPlan(config: DecoderConfig, options: OnnxEngineOptions): MemoryPlan | undefined {
  const { memory, use = "train", rows, adapter } = options;
  if (memory === undefined) return undefined;
  if (!(memory > 0)) throw new RrrError("bad-argument", `memory is ${memory}, not a number of bytes above 0`);
  const ranks = [...(adapter?.modules.values() ?? [])].map(({ a }) => a.shape[0] ?? 0);
  return planMemory(config, use === "sample" ? use : adapter === undefined ? "full" : "lora", memory, {
    rows,
    adapter: adapter && { rank: Math.max(...ranks) },
  });
}
