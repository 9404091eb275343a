import { freemem, totalmem } from "node:os";
import { RrrError } from "@rrr/core";
import {
  baseModelDir,
  type DecoderConfig,
  elements,
  type LoraSettings,
  projectionShapes,
  readModelConfig,
  targetOf,
  weightShapes,
} from "@rrr/trainer";
import { blockLength } from "./sample/prefix-cache.ts";

/** What is done with a model: its weights sampled from, all of them trained, or an adapter beside them. */
export type Use = "sample" | "full" | "lora";

/** Bytes that a float takes. */
const FLOAT = 4;
const GIB = 2 ** 30;
/** What the activations of a batch may take, and the logits of its scored positions. */
const BATCH_BYTES = 1.5 * GIB;
/** Rows and positions of a usual round of sampling. */
const SAMPLED = { rows: 64, positions: 320 };
/** Node, the runtime, compiled graphs, the tokenizer. */
const PROCESS_BYTES = 0.5 * GIB;
/** Weights of a model that is not asked about. */
const SMALL_BYTES = 0.25 * GIB;

/** How much of its work a model does at once. */
export interface BatchSizes {
  /** Tokens of the largest training batch, unless a single row is longer. */
  readonly tokens: number;
  /** A batch scores one of so many shares of its positions, or several: with more of them, fewer are for nothing. */
  readonly slotShares: number;
  /**
   * Whether the runtime keeps the memory of a compiled graph's tensors between runs. It saves a small model time; of a
   * large one every shape would keep its gigabytes.
   */
  readonly keepsMemory: boolean;
}

/** The sizes of a model whose batches of 1,024 tokens are small, and of one where they would not be. */
export function batchSizes(config: DecoderConfig): BatchSizes {
  if (trainingBytes(config, 1024, 2) <= BATCH_BYTES)
    return { tokens: 1024, slotShares: 2, keepsMemory: true };
  let tokens = 1024;
  while (tokens > 128 && trainingBytes(config, tokens, 2) > BATCH_BYTES) tokens /= 2;
  return { tokens, slotShares: 8, keepsMemory: false };
}

/**
 * By estimate, bytes of what a batch keeps for its backward pass: of each layer and token the two norms' inputs and
 * outputs, projections, rotated heads, the context, gate, up and their product; the attention of each head over a row of
 * 256; and of half of the positions four arrays over the vocabulary (scores, their logarithm, its gradient, one on the way).
 */
function trainingBytes(config: DecoderConfig, tokens: number, slotShares: number): number {
  const { hiddenSize, intermediateSize, numLayers, numHeads, numKvHeads, headDim, vocabSize } = config;
  const heads = (numHeads + 2 * numKvHeads) * headDim;
  const layer = 8 * hiddenSize + 3 * heads + 5 * intermediateSize + 3 * numHeads * 256;
  return FLOAT * tokens * (numLayers * layer + (4 * vocabSize) / slotShares);
}

/** Keys and values of so many tokens. */
function cacheBytes({ numLayers, numKvHeads, headDim }: DecoderConfig, tokens: number): number {
  return FLOAT * tokens * 2 * numLayers * numKvHeads * headDim;
}

/** Of the prompts that were read, the sampler keeps what a usual round's rows hold, or half of it where that is much. */
export function prefixBlocks(config: DecoderConfig): number {
  const tokens = SAMPLED.rows * SAMPLED.positions;
  return Math.floor((batchSizes(config).keepsMemory ? tokens : tokens / 2) / blockLength);
}

function weightBytes(config: DecoderConfig): number {
  let floats = 0;
  for (const shape of weightShapes(config).values()) floats += elements(shape);
  return FLOAT * floats;
}

/** Of the adapter's values: what it was opened with and began as, its gradient and one batch's, two moments. */
const ADAPTER_COPIES = 7;
/** What an adapter is thought to be where its rank is not known. */
const USUAL: LoraSettings = { rank: 16 };

function adapterBytes(config: DecoderConfig, { rank, targets }: LoraSettings): number {
  let floats = 0;
  for (const [name, [out, into]] of projectionShapes(config)) {
    if (targets?.includes(targetOf(name)) ?? true) floats += rank * (out + into);
  }
  return FLOAT * floats;
}

/** By estimate, bytes at the highest point. @param adapter what is trained for the use `lora` */
export function estimateMemory(config: DecoderConfig, use: Use, adapter: LoraSettings = USUAL): number {
  const weights = weightBytes(config);
  const { rows, positions } = SAMPLED;
  const kept = cacheBytes(config, prefixBlocks(config) * blockLength);
  const sampling = 2 * cacheBytes(config, rows * positions) + kept + FLOAT * 6 * rows * config.vocabSize;
  const { tokens, slotShares } = batchSizes(config);
  const training = trainingBytes(config, tokens, slotShares);
  // All weights: a copy, their gradient and one batch's, two moments. An adapter: the same of itself, or some per cent.
  const copies = { sample: 2, full: 5, lora: 1 }[use];
  const beside = use === "lora" ? Math.max(0.3 * weights, ADAPTER_COPIES * adapterBytes(config, adapter)) : 0;
  return PROCESS_BYTES + copies * weights + beside + sampling + (use === "sample" ? 0 : training);
}

/** Bytes that this process can still take: of the machine, and of a container's limit where there is one. */
function availableMemory(): number {
  // What macOS calls free leaves out what it would give at once: there it is all that the machine has.
  const machine = process.platform === "darwin" ? totalmem() : freemem();
  const limit = process.constrainedMemory();
  const left = limit > 0 && limit < 2 ** 53 ? limit - process.memoryUsage().rss : Number.POSITIVE_INFINITY;
  return Math.min(machine, left);
}

/**
 * Refuses a model that the memory is too small for, from its config.json alone. Small ones fit, or fail soon.
 * @throws out-of-memory
 */
export async function checkMemory(
  dir: string,
  use: Use,
  adapter?: LoraSettings,
  available: number = availableMemory(),
): Promise<void> {
  const config = await readModelConfig(await baseModelDir(dir));
  const needed = estimateMemory(config, use, adapter);
  if (weightBytes(config) < SMALL_BYTES || needed <= available) return;
  const size = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
  const doing = { sample: "to sample from", full: "to train all weights of", lora: "to train an adapter of" }[
    use
  ];
  const lora = estimateMemory(config, "lora");
  const hint =
    use !== "sample" && lora <= available
      ? `Train ${use === "full" ? "an adapter" : "a smaller one"} instead, which takes about ${size(lora)}: --lora 16.`
      : "Take a smaller model, or a machine with more memory.";
  throw new RrrError(
    "out-of-memory",
    `${dir}: about ${size(needed)} are needed ${doing} this model, and ${size(available)} are free`,
    { hint: `${hint} --engine.checkMemory false tries it all the same.` },
  );
}
