import {
  createSession,
  createSessionCache,
  type Feeds,
  type Session,
  type SessionOptions,
  type Tensor,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { type Optimiser, views } from "@rrr/trainer/local";
import { feedsWith, type Parameters } from "../decoder/parameters.ts";
import type { PackedBatch } from "./packing.ts";
import { gradientName, scoringGraph, sumName, trainingGraph } from "./scoring-graph.ts";
import type { CompiledLoss } from "./split-loss.ts";

/** What is computed of a batch that is differentiated; arrays have a number for each of its slots. */
export interface BatchScores {
  readonly loss: number;
  readonly logprobs: Float32Array;
  /** Where the loss has a bonus for them. */
  readonly entropies?: Float32Array;
}

/** Computes batches, one after the other. */
export interface BatchRunner {
  /**
   * Log-probabilities of the labels, nats, `[slots]`.
   * @param values of what is trained, in place of those that it has now
   */
  score(batch: PackedBatch, values?: Float32Array): Promise<Float32Array>;
  /** Adds the batch's gradient to the sum. @param perToken what the loss reads of each slot, and of each sequence */
  differentiate(batch: PackedBatch, perToken: Feeds, loss: CompiledLoss): Promise<BatchScores>;
  close(): Promise<void>;
}

/** Where gradients are added up. */
export type GradientHolder = Pick<Optimiser, "gradient" | "adopt">;

type Outputs = Readonly<Record<string, Tensor>>;

export interface BatchRunnerOptions extends SessionOptions {
  /** Compiled graphs kept: the shapes of a run are few, and each holds its own activations. Default 12. */
  readonly graphs?: number;
}

/** Gradients of what is trained, in one array: as the training graph reads and writes them. */
interface GradientSum {
  readonly values: Float32Array;
  readonly asInputs: Readonly<Record<string, Float32Array>>;
  readonly asOutputs: Readonly<Record<string, Float32Array>>;
}

function createSum(layout: Parameters["inputs"], values: Float32Array): GradientSum {
  const parts = [...views(layout, values)];
  return {
    values,
    asInputs: Object.fromEntries(parts.map(([name, { data }]) => [sumName(name), data])),
    asOutputs: Object.fromEntries(parts.map(([name, { data }]) => [gradientName(name), data])),
  };
}

export function createBatchRunner(
  config: DecoderConfig,
  parameters: Parameters,
  holder: GradientHolder,
  { graphs = 12, ...options }: BatchRunnerOptions,
): BatchRunner {
  const { inputs: layout, values: weights, feeds: named } = parameters;
  const sessions = createSessionCache<Session<Outputs>>(graphs);
  /** The gradient so far; the next batch's sum is written beside it. */
  let total = createSum(layout, holder.gradient);
  let spare: GradientSum | undefined;

  return {
    async score(batch, values = weights) {
      const read = values === weights ? named : feedsWith(parameters, values);
      const session = await sessions.get(`score ${shapeKey(batch)}`, () =>
        createSession<Outputs>({ ...scoringGraph(config, parameters, batch.shape) }, options),
      );
      const { logprobs } = await session.run({ ...read, ...inputsOf(batch) });
      return logprobs as Float32Array;
    },
    async differentiate(batch, perToken, loss) {
      const session = await sessions.get(`${shapeKey(batch)} ${JSON.stringify(loss)}`, () =>
        createSession<Outputs>(trainingGraph(config, parameters, batch.shape, loss), options),
      );
      spare ??= createSum(layout, new Float32Array(layout.size));
      const feeds = { ...named, ...inputsOf(batch), slotOf: batch.slotOf, ...perToken, ...total.asInputs };
      const results = await session.run(feeds, { into: spare.asOutputs });
      [total, spare] = [spare, total];
      holder.adopt(total.values);
      const { logprobs, entropies } = results as Readonly<Record<string, Float32Array>>;
      const scores = { loss: results.loss?.[0] as number, logprobs: logprobs as Float32Array };
      return entropies === undefined ? scores : { ...scores, entropies };
    },
    close: () => sessions.close(),
  };
}

/** What every graph of a batch is fed. */
export function inputsOf({ tokens, trees, branches, depths, positions, labels }: PackedBatch): Feeds {
  return { tokens, trees, branches, depths, positions, labels };
}

/** What a compiled graph is kept under. */
export function shapeKey({ shape }: PackedBatch): string {
  return `${shape.rows}×${shape.length}/${shape.slots}`;
}
