import { createHash } from "node:crypto";
import { AutodiffError, type AutodiffErrorCode, type SessionOptions } from "@rrr/autodiff";
import { RrrError, type RrrErrorCode } from "@rrr/core";
import type {
  Adapter,
  Datum,
  DecoderConfig,
  Engine,
  EngineCapabilities,
  EngineUse,
  ModelFiles,
} from "@rrr/trainer";
import { writeModelDir } from "@rrr/trainer";
import {
  checkAtLeast,
  checkSample,
  createTurns,
  folderOf,
  loadLearnerState,
  saveLearnerState,
  views,
} from "@rrr/trainer/local";
import { createAdapterPart } from "./adapter-part.ts";
import { fullParameters, loraParameters } from "./decoder/parameters.ts";
import { createLearner } from "./learn/learner.ts";
import { batchSizes } from "./memory.ts";
import { type MemoryPlan, planMemory, planText } from "./memory-plan.ts";
import { createSampler } from "./sample/sampler.ts";

export interface OnnxEngineOptions {
  /** Most completions written at once; a multiple of 8 is best. Default 128. */
  readonly rows?: number;
  /** Threads of the runtime. Default 0: one per core. */
  readonly threads?: number;
  /** Threads wait for work by spinning: little faster alone, far slower beside other programs. Default false. */
  readonly spinning?: boolean;
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
 * The embedded engine: graphs emitted by `@rrr/autodiff`, run by onnxruntime on the CPU. It keeps its own copy of the
 * weights or, with an adapter, reads those of `model` where they are: they must not change. Calls that score or train wait
 * for each other; do not step while samples are being written.
 * @throws bad-argument; out-of-memory where `memory` is too little
 */
export async function createOnnxEngine(model: ModelFiles, options: OnnxEngineOptions = {}): Promise<Engine> {
  const { rows = 128, threads = 0, spinning = false } = options;
  checkAtLeast("rows", rows, 1);
  checkAtLeast("threads", threads, 0);
  const { config, tokenizer, files } = model;
  const { adapter } = options;
  const parameters =
    adapter === undefined
      ? fullParameters(config, model.weights)
      : loraParameters(config, model.weights, adapter);
  const { trained, values } = parameters;
  const lora = adapter && createAdapterPart(model, adapter, parameters, options.folder);
  const plan = memoryPlan(config, options);
  const { keepsMemory: arena } = batchSizes(config);
  const runtime: SessionOptions = { threads, spinning, arena };
  const learner = createLearner(config, parameters, {
    ...runtime,
    batch: plan?.batch,
  });
  const stopIds = [...new Set([...tokenizer.stopIds, ...config.eosTokenIds])];
  const sampler = createSampler(config, parameters, {
    ...{ ...runtime, stopIds, rows: plan?.rows ?? rows, cachedTokens: plan?.cachedTokens },
    prefixBlocks: plan?.prefixBlocks,
  });

  const turns = createTurns();
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => turns(work).catch(toRrrError);

  return {
    name: "onnx",
    capabilities: { ...CAPABILITIES, trains: lora === undefined ? "full" : "lora" },
    tokenizer,
    contextLength: config.maxPositions,
    ...(plan && { notes: [planText(plan)] }),
    async sample(prompt, sampleOptions) {
      checkSample(config, prompt, sampleOptions);
      return sampler.sample(prompt, sampleOptions).catch(toRrrError);
    },
    forward: (data) => inTurn(() => learner.forward(data)),
    forwardBackward: (data, loss) => inTurn(() => learner.forwardBackward(data, loss)),
    optimStep: (adam) =>
      inTurn(() => {
        sampler.forget();
        return learner.optimiser.step(adam);
      }),
    saveState: (dir) =>
      inTurn(async () => {
        await saveLearnerState(dir, trained, {
          values,
          adam: learner.optimiser.state,
          frozen: lora?.frozen(),
        });
        return { kind: "folder", path: dir };
      }),
    loadState: (state) =>
      inTurn(async () => {
        const known = { values, adam: learner.optimiser.state, frozen: lora?.frozen() };
        await loadLearnerState(folderOf(state), trained, known);
        sampler.forget();
        learner.optimiser.clear();
      }),
    exportModel: (dir) =>
      inTurn(async () => {
        const weights = lora?.merged() ?? views(trained, values);
        await writeModelDir(dir, { config, files, weights }, "F32");
        return { kind: "folder", path: dir, layout: "hugging-face" };
      }),
    ...(lora && {
      exportAdapter: (dir: string) => inTurn(() => lora.write(dir)),
      initial: { forward: (data: readonly Datum[]) => inTurn(() => learner.forward(data, lora.opened)) },
    }),
    weightsVersion: () =>
      inTurn(() =>
        createHash("sha256")
          .update(lora?.frozen() ?? "")
          .update(values)
          .digest("hex"),
      ),
    async close() {
      await turns(() => {});
      await Promise.all([learner.close(), sampler.close()]);
    },
  };
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

/** All others are mistakes in a graph. */
const CODES: Readonly<Partial<Record<AutodiffErrorCode, RrrErrorCode>>> = {
  "bad-argument": "bad-argument",
  "runtime-missing": "runtime-failed",
  "runtime-failed": "runtime-failed",
  closed: "aborted",
};

/** Errors of the graph library, as errors of this one. */
function toRrrError(error: unknown): never {
  if (!AutodiffError.is(error)) throw error;
  throw new RrrError(CODES[error.code] ?? "bad-graph", error.message, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
