import { createHash } from "node:crypto";
import { AutodiffError, type AutodiffErrorCode, type SessionOptions } from "@rrr/autodiff";
import { RrrError, type RrrErrorCode } from "@rrr/core";
import type { DecoderConfig, Engine, EngineCapabilities, SampleOptions, Stored } from "@rrr/trainer";
import { type ModelFiles, writeModelDir } from "@rrr/trainer";
import { layoutOf, pack, views } from "./decoder/parameters.ts";
import { checkTokens } from "./learn/check-data.ts";
import { createLearner } from "./learn/learner.ts";
import { loadLearnerState, saveLearnerState } from "./learn/learner-state.ts";
import { createSampler } from "./sample/sampler.ts";

export interface OnnxEngineOptions {
  /** Most completions written at once; a multiple of 8 is best. Default 128. */
  readonly rows?: number;
  /** Threads of the runtime. Default 0: one per core. */
  readonly threads?: number;
  /** Threads wait for work by spinning: little faster alone, far slower beside other programs. Default false. */
  readonly spinning?: boolean;
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
 * weights. Calls that score or train wait for each other; do not step while samples are being written.
 * @throws bad-argument
 */
export async function createOnnxEngine(model: ModelFiles, options: OnnxEngineOptions = {}): Promise<Engine> {
  const { rows = 128, threads = 0, spinning = false } = options;
  atLeast("rows", rows, 1);
  atLeast("threads", threads, 0);
  const { config, tokenizer, files } = model;
  const layout = layoutOf(config);
  const weights = new Float32Array(layout.size);
  pack(layout, model.weights, weights);
  const runtime: SessionOptions = { threads, spinning };
  const learner = createLearner(config, layout, weights, runtime);
  const stopIds = [...new Set([...tokenizer.stopIds, ...config.eosTokenIds])];
  const sampler = createSampler(config, layout, weights, { ...runtime, rows, stopIds });

  let last: Promise<unknown> = Promise.resolve();
  /** One after another: calls share the gradient and the weights. */
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
    const result = last.then(work).catch(toRrrError);
    last = result.catch(() => undefined);
    return result;
  };

  return {
    name: "onnx",
    capabilities: CAPABILITIES,
    tokenizer,
    contextLength: config.maxPositions,
    async sample(prompt, sampleOptions) {
      checkSample(config, prompt, sampleOptions);
      return sampler.sample(prompt, sampleOptions).catch(toRrrError);
    },
    forward: (data) => inTurn(() => learner.forward(data)),
    forwardBackward: (data, loss) => inTurn(() => learner.forwardBackward(data, loss)),
    optimStep: (adam) => inTurn(() => learner.optimStep(adam)),
    saveState: (dir) =>
      inTurn(async () => {
        await saveLearnerState(dir, layout, { weights, adam: learner.adam });
        return { kind: "folder", path: dir };
      }),
    loadState: (state) =>
      inTurn(async () => {
        await loadLearnerState(folderOf(state), layout, { weights, adam: learner.adam });
        learner.clear();
      }),
    exportModel: (dir) =>
      inTurn(async () => {
        await writeModelDir(dir, { config, files, weights: views(layout, weights) }, "F32");
        return { kind: "folder", path: dir, layout: "hugging-face" };
      }),
    weightsVersion: () => inTurn(() => createHash("sha256").update(weights).digest("hex")),
    async close() {
      await last;
      await Promise.all([learner.close(), sampler.close()]);
    },
  };
}

function folderOf(state: Stored): string {
  if (state.kind === "folder") return state.path;
  throw new RrrError("bad-checkpoint", `the state at ${state.address} was saved by another engine`);
}

function atLeast(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RrrError("bad-argument", `${name} is ${value}, not a whole number of at least ${least}`);
}

function checkSample(config: DecoderConfig, prompt: Int32Array, options: SampleOptions): void {
  const { n, maxTokens, temperature } = options;
  atLeast("sample: n", n, 1);
  atLeast("sample: maxTokens", maxTokens, 1);
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw new RrrError(
      "bad-argument",
      `sample: the temperature is ${temperature}, not a number of at least 0`,
    );
  }
  if (prompt.length === 0) throw new RrrError("bad-argument", "sample: the prompt is empty");
  checkTokens(config, prompt, "sample: the prompt");
  if (prompt.length + maxTokens > config.maxPositions) {
    throw new RrrError(
      "context-overflow",
      `a prompt of ${prompt.length} tokens and ${maxTokens} to write exceed the context of ${config.maxPositions}${config.positionsLimit === undefined ? "" : `: ${config.positionsLimit}`}`,
      { hint: "Lower the token limits, or use a model with a longer context." },
    );
  }
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
