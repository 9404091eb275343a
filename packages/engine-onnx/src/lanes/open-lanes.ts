import { availableParallelism } from "node:os";
import type { Adapter, DecoderConfig, Weights } from "@rrr/trainer";
import { elements, weightShapes } from "@rrr/trainer";
import type { Optimiser } from "@rrr/trainer/local";
import type { Parameters } from "../decoder/parameters.ts";
import { createBatchRunner } from "../learn/batch-runner.ts";
import type { LearningLane } from "../learn/learner.ts";
import { createSampler, type Sampler, type SamplerOptions } from "../sample/sampler.ts";
import { shareSampling } from "./share-sampling.ts";
import { startLane } from "./thread-lane.ts";

/** Where an engine samples and learns. */
export interface Lanes extends Pick<Sampler, "sample"> {
  readonly learning: readonly LearningLane[];
  /** What is trained has changed: later calls are of its new values. */
  refresh(): void;
  close(): Promise<void>;
}

/** One lane, in the thread of the caller: it reads the engine's own weights, and adds to the optimiser's gradient. */
export function ownLane(
  config: DecoderConfig,
  parameters: Parameters,
  optimiser: Optimiser,
  options: SamplerOptions,
): Lanes {
  const sampler = createSampler(config, parameters, options);
  const runner = createBatchRunner(config, parameters, optimiser, options);
  return {
    sample: sampler.sample,
    learning: [runner],
    refresh: () => sampler.forget(),
    close: async () => void (await Promise.all([sampler.close(), runner.close()])),
  };
}

export interface LanesModel {
  readonly config: DecoderConfig;
  readonly weights: Weights;
  readonly adapter: Adapter | undefined;
}

/** Several lanes, each a thread with a copy of the model and a share of the rows. */
export function threadLanes(
  count: number,
  { config, weights, adapter }: LanesModel,
  values: Float32Array,
  options: SamplerOptions,
): Lanes {
  const { rows, threads = 0, cachedTokens, prefixBlocks } = options;
  const cores = threads === 0 ? availableParallelism() : threads;
  const share = (whole: number): number => Math.ceil(whole / count);
  const own: SamplerOptions = {
    ...options,
    threads: Math.max(1, Math.floor(cores / count)),
    sameOn: cores,
    rows: Math.ceil(share(rows) / 8) * 8,
    cachedTokens: cachedTokens && share(cachedTokens),
    prefixBlocks: prefixBlocks && share(prefixBlocks),
  };
  const lanes = Array.from({ length: count }, () =>
    startLane({ config, weights, adapter, options: own, graphs: Math.max(4, share(12)) }),
  );
  return {
    sample: shareSampling(lanes.map((lane) => lane.sample)),
    learning: lanes,
    refresh: () => {
      for (const lane of lanes) lane.adopt(values);
    },
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
  };
}

/** Below so many weights a step is done before another thread could help. */
const SMALLEST = 5e5;
/** Above so many, threads that share a product do as much as threads that share the rows, with one copy of the model. */
const LARGEST = 6e6;
/** More would have too few rows each. */
const MOST = 4;

/**
 * How many lanes a model is worth. Of a small model the products are too small for two threads to share one; of a large
 * one they are not, and a copy of it for each thread would be.
 */
export function usualLanes(config: DecoderConfig, threads: number): number {
  const weights = [...weightShapes(config).values()].reduce((sum, shape) => sum + elements(shape), 0);
  if (weights < SMALLEST || weights > LARGEST) return 1;
  return Math.min(threads === 0 ? availableParallelism() : threads, MOST);
}
