import type { SessionOptions } from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { createOptimiser, type Optimiser } from "@rrr/trainer/local";
import type { Parameters } from "../src/decoder/parameters.ts";
import { createBatchRunner } from "../src/learn/batch-runner.ts";
import { createLearner, type Learner } from "../src/learn/learner.ts";
import type { BatchSizes } from "../src/memory.ts";

/** A learner on one lane, with its optimiser. */
export function openLearner(
  config: DecoderConfig,
  parameters: Parameters,
  { batch, ...options }: SessionOptions & { readonly batch?: BatchSizes },
): Learner & { readonly optimiser: Optimiser; close(): Promise<void> } {
  const optimiser = createOptimiser(parameters.trained, parameters.values);
  const runner = createBatchRunner(config, parameters, optimiser, options);
  return { ...createLearner(config, optimiser, [runner], batch), optimiser, close: () => runner.close() };
}
