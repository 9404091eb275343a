import {
  type DecoderConfig,
  elements,
  type LoraSettings,
  projectionShapes,
  targetOf,
  weightShapes,
} from "@rrr/trainer";
import { blockLength } from "./sample/prefix-cache.ts";

/** What is done with a model: its weights sampled from, all of them trained, or an adapter beside them. */
export type Use = "sample" | "full" | "lora";

/** Bytes that a float takes. */
const FLOAT = 4;
export const GIB: number = 2 ** 30;
/** What the activations of a batch may take, and the logits of its scored positions. */
const BATCH_BYTES = 1.5 * GIB;
export const LARGEST_BATCH = 1024;
export const SMALLEST_BATCH = 128;
/** Rows and positions of a usual round of sampling. */
export const SAMPLED: { readonly rows: number; readonly positions: number } = { rows: 64, positions: 320 };
/** Prompts that are read at once, and where their blocks stand. */
const READ = { rows: 32, positions: 256 };
export const FEWEST_ROWS = 8;
/** Tokens of a row that is trained. */
const USUAL_ROW = 256;
/** Node, the runtime, compiled graphs, the tokenizer. */
const PROCESS_BYTES = 0.5 * GIB;
/** Weights of a model that is not asked about. */
export const SMALL_BYTES: number = 0.25 * GIB;

/** How much of its work a model does at once. */
export interface BatchSizes {
  /** Tokens of the largest training batch, unless a single row is longer. */
  readonly tokens: number;
  /** Tokens of the longest row that memory is planned for. Absent: no limit. */
  readonly longest?: number;
  /** A batch scores one of so many shares of its positions, or several: with more of them, fewer are for nothing. */
  readonly slotShares: number;
  /**
   * Whether the runtime keeps the memory of a compiled graph's tensors between runs. It saves a small model time; of a
   * large one every shape would keep its gigabytes.
   */
  readonly keepsMemory: boolean;
}

/** What a process takes, in bytes, at its highest point and by estimate. */
export interface MemoryParts {
  readonly process: number;
  readonly weights: number;
  /** Gradients and moments: of all weights, or of the adapter with its own values. */
  readonly training: number;
  /** Activations of the largest batch. */
  readonly batch: number;
  /** Keys and values of the rows that are sampled, of prompts that were read, and logits. */
  readonly sampling: number;
}

/** The sizes of a model whose batches of 1,024 tokens are small, and of one where they would not be. */
export function batchSizes(config: DecoderConfig): BatchSizes {
  if (trainingBytes(config, LARGEST_BATCH, 2) <= BATCH_BYTES)
    return { tokens: LARGEST_BATCH, slotShares: 2, keepsMemory: true };
  let tokens = LARGEST_BATCH;
  while (tokens > SMALLEST_BATCH && trainingBytes(config, tokens, 2) > BATCH_BYTES) tokens /= 2;
  return { tokens, slotShares: 8, keepsMemory: false };
}

/**
 * By estimate, bytes of what a batch keeps for its backward pass: of each layer and token the two norms' inputs and
 * outputs, projections, rotated heads, the context, gate, up and their product; the attention of each head over a row; and of half of the positions four arrays over the vocabulary (scores, their logarithm, its gradient, one on the way).
 */
export function trainingBytes(
  config: DecoderConfig,
  tokens: number,
  slotShares: number,
  row: number = USUAL_ROW,
): number {
  const { hiddenSize, intermediateSize, numLayers, numHeads, numKvHeads, headDim, vocabSize } = config;
  const heads = (numHeads + 2 * numKvHeads) * headDim;
  const layer = 8 * hiddenSize + 3 * heads + 5 * intermediateSize + 3 * numHeads * row;
  return FLOAT * tokens * (numLayers * layer + (4 * vocabSize) / slotShares);
}

/** Keys and values of so many tokens. */
export function cacheBytes({ numLayers, numKvHeads, headDim }: DecoderConfig, tokens: number): number {
  return FLOAT * tokens * 2 * numLayers * numKvHeads * headDim;
}

/** Of the prompts that were read, the sampler keeps what a usual round's rows hold, or half of it where that is much. */
export function prefixBlocks(config: DecoderConfig, rows: number = SAMPLED.rows): number {
  const tokens = rows * SAMPLED.positions;
  return Math.floor((batchSizes(config).keepsMemory ? tokens : tokens / 2) / blockLength);
}

export function weightBytes(config: DecoderConfig): number {
  let floats = 0;
  for (const shape of weightShapes(config).values()) floats += elements(shape);
  return FLOAT * floats;
}

/** Of the adapter's values: what it was opened with and began as, its gradient and one batch's, two moments. */
const ADAPTER_COPIES = 7;
/** What an adapter is thought to be where its rank is not known. */
export const USUAL: LoraSettings = { rank: 16 };

function adapterBytes(config: DecoderConfig, { rank, targets }: LoraSettings): number {
  let floats = 0;
  for (const [name, [out, into]] of projectionShapes(config)) {
    if (targets?.includes(targetOf(name)) ?? true) floats += rank * (out + into);
  }
  return FLOAT * floats;
}

export function partsOf(
  config: DecoderConfig,
  use: Use,
  { batch, rows }: { readonly batch: BatchSizes; readonly rows: number },
  adapter: LoraSettings = USUAL,
): MemoryParts {
  const weights = weightBytes(config);
  const kept = cacheBytes(config, prefixBlocks(config, rows) * blockLength);
  // Blocks of prompts are read beside what stands before them.
  const read = Math.min(rows, READ.rows) * READ.positions;
  const trainsAll = use === "full";
  // All weights: their gradient and one batch's, two moments. An adapter: the same of itself, or some per cent.
  const beside = use === "lora" ? Math.max(0.3 * weights, ADAPTER_COPIES * adapterBytes(config, adapter)) : 0;
  return {
    process: PROCESS_BYTES,
    // Where nothing is trained they are copied once all the same.
    weights: use === "sample" ? 2 * weights : weights,
    training: trainsAll ? 4 * weights : beside,
    // A single row may be longer than a batch.
    batch:
      use === "sample"
        ? 0
        : trainingBytes(config, Math.max(batch.tokens, SAMPLED.positions), batch.slotShares),
    sampling:
      cacheBytes(config, 1.1 * rows * SAMPLED.positions + read) + kept + FLOAT * 6 * rows * config.vocabSize,
  };
}

export function totalOf(parts: MemoryParts): number {
  return Object.values(parts).reduce((sum: number, bytes: number) => sum + bytes, 0);
}

/** By estimate, bytes at the highest point. @param adapter what is trained for the use `lora` */
export function estimateMemory(config: DecoderConfig, use: Use, adapter: LoraSettings = USUAL): number {
  return totalOf(partsOf(config, use, { batch: batchSizes(config), rows: SAMPLED.rows }, adapter));
}

export const DOING: Readonly<Record<Use, string>> = {
  sample: "to sample from",
  full: "to train all weights of",
  lora: "to train an adapter of",
};

export function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
