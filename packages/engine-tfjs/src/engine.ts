import { createHash } from "node:crypto";
import { RrrError } from "@rrr/core";
import {
  type Engine,
  type EngineCapabilities,
  type ModelFiles,
  weightShapes,
  writeModelDir,
} from "@rrr/trainer";
import {
  checkAtLeast,
  checkSample,
  createOptimiser,
  createTurns,
  folderOf,
  layoutOf,
  loadLearnerState,
  pack,
  saveLearnerState,
  views,
} from "@rrr/trainer/local";
import { createLearner } from "./learn/learner.ts";
import { createModelTensors, type ModelTensors } from "./model/tensors.ts";
import type { BackendName } from "./runtime/candidates.ts";
import { openRuntime } from "./runtime/open-runtime.ts";
import { createSampler } from "./sample/sampler.ts";

export interface TfjsEngineOptions {
  /** Most completions written at once. Default 64. */
  readonly rows?: number;
  /** What runs TensorFlow.js. Default: the first that is installed of `node-gpu`, `node`, `wasm` and `cpu`. */
  readonly backend?: BackendName;
}

const CAPABILITIES: Omit<EngineCapabilities, "seeds"> = {
  trains: "full",
  fixed: {},
  normalizations: ["grpo", "dapo", "dr_grpo"],
  surrogates: ["ppo", "gspo", "cispo"],
  entropy: true,
  logprobs: "sampling",
  state: "folder",
};

/**
 * The engine on TensorFlow.js: the package of it that is installed. It keeps its own copy of the weights. Calls that score
 * or train wait for each other, and for completions that are being written.
 * @throws bad-argument; runtime-failed where no TensorFlow.js is installed
 */
export async function createTfjsEngine(model: ModelFiles, options: TfjsEngineOptions = {}): Promise<Engine> {
  const { rows = 64, backend } = options;
  checkAtLeast("rows", rows, 1);
  const { config, tokenizer, files } = model;
  const runtime = await openRuntime(backend);
  const layout = layoutOf(weightShapes(config));
  const values = pack(layout, model.weights);
  const optimiser = createOptimiser(layout, values);
  const inTurn = createTurns();
  let isClosed = false;

  let tensors: ModelTensors | undefined;
  const weights = (): ModelTensors => {
    tensors ??= createModelTensors(runtime, views(layout, values));
    return tensors;
  };
  const changed = (): void => {
    tensors?.dispose();
    tensors = undefined;
  };
  const learner = createLearner(runtime, config, layout, optimiser, weights);
  const stopIds = [...new Set([...tokenizer.stopIds, ...config.eosTokenIds])];
  const sampler = createSampler(runtime, config, weights, inTurn, { most: rows, stopIds });
  const whileOpen = <T>(work: () => T | Promise<T>): Promise<T> =>
    inTurn(() => {
      if (isClosed) throw new RrrError("aborted", "the engine was closed");
      return work();
    });

  return {
    name: "tfjs",
    // Native sums may be cut by how many rows there are.
    capabilities: { ...CAPABILITIES, seeds: runtime.backend === "wasm" || runtime.backend === "cpu" },
    runtime: runtime.name,
    notes: [runtime.note],
    tokenizer,
    contextLength: config.maxPositions,
    async sample(prompt, sampleOptions) {
      checkSample(config, prompt, sampleOptions);
      return sampler.sample(prompt, sampleOptions);
    },
    forward: (data) => whileOpen(() => learner.forward(data)),
    forwardBackward: (data, loss) => whileOpen(() => learner.forwardBackward(data, loss)),
    optimStep: (adam) =>
      whileOpen(() => {
        changed();
        return optimiser.step(adam);
      }),
    saveState: (dir) =>
      whileOpen(async () => {
        await saveLearnerState(dir, layout, { values, adam: optimiser.state });
        return { kind: "folder", path: dir };
      }),
    loadState: (state) =>
      whileOpen(async () => {
        await loadLearnerState(folderOf(state), layout, { values, adam: optimiser.state });
        optimiser.clear();
        changed();
      }),
    exportModel: (dir) =>
      whileOpen(async () => {
        await writeModelDir(dir, { config, files, weights: views(layout, values) }, "F32");
        return { kind: "folder", path: dir, layout: "hugging-face" };
      }),
    weightsVersion: () => whileOpen(() => createHash("sha256").update(values).digest("hex")),
    async close() {
      sampler.close();
      await inTurn(() => {
        isClosed = true;
        changed();
      });
    },
  };
}
