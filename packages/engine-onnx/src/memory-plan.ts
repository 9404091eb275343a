/** `--memory`: how much of its work a model does at once, so that the process stays within so many bytes. */
import { RrrError } from "@rrr/core";
import type { DecoderConfig, LoraSettings } from "@rrr/trainer";
import {
  type BatchSizes,
  batchSizes,
  cacheBytes,
  DOING,
  FEWEST_ROWS,
  GIB,
  gib,
  LARGEST_BATCH,
  type MemoryParts,
  partsOf,
  prefixBlocks,
  SAMPLED,
  SMALLEST_BATCH,
  totalOf,
  trainingBytes,
  USUAL,
  type Use,
} from "./memory.ts";

/** How much is done at once, and what that takes. */
export interface MemoryPlan {
  readonly use: Use;
  readonly batch: BatchSizes;
  /** Most completions written at once. */
  readonly rows: number;
  /** Most tokens whose keys and values are kept for them, those of the longest row counted for each. */
  readonly cachedTokens: number;
  /** Most blocks of prompts that are kept. */
  readonly prefixBlocks: number;
  readonly parts: MemoryParts;
  /** Bytes that were allowed. */
  readonly limit: number;
}

/**
 * As much at once as `limit` bytes allow, by estimate. Whichever is larger, the training batch or the rows that are sampled,
 * is halved until all fits. What is left over is for longer sequences.
 * @param rows most completions at once, where memory allows them
 * @throws out-of-memory, saying what would fit
 */
export function planMemory(
  config: DecoderConfig,
  use: Use,
  limit: number,
  {
    rows: most = SAMPLED.rows,
    adapter = USUAL,
  }: { readonly rows?: number | undefined; readonly adapter?: LoraSettings | undefined } = {},
): MemoryPlan {
  const usual = batchSizes(config);
  let tokens = LARGEST_BATCH;
  let rows = Math.ceil(most / FEWEST_ROWS) * FEWEST_ROWS;
  for (;;) {
    const batch = { ...usual, tokens };
    const parts = partsOf(config, use, { batch, rows }, adapter);
    const left = limit - totalOf(parts);
    if (left >= 0) {
      const tokensKept = rows * SAMPLED.positions + Math.floor(left / 2 / (1.1 * cacheBytes(config, 1)));
      const cachedTokens = Math.min(tokensKept, rows * Math.ceil(config.maxPositions / 32) * 32);
      const longest = longestWithin(config, parts.batch + left / 2, batch);
      const room = { rows, cachedTokens, prefixBlocks: prefixBlocks(config, rows) };
      return { use, batch: { ...batch, longest }, ...room, parts, limit };
    }
    const canBatchLess = use !== "sample" && tokens > SMALLEST_BATCH && tokens > SAMPLED.positions;
    const canSampleLess = rows > FEWEST_ROWS;
    if (!canBatchLess && !canSampleLess) throw tooSmall(config, use, limit, totalOf(parts));
    if (canBatchLess && (!canSampleLess || parts.batch >= parts.sampling)) tokens /= 2;
    else rows = Math.ceil(rows / 2 / FEWEST_ROWS) * FEWEST_ROWS;
  }
}

/** Tokens of the longest sequence whose batch takes so many bytes. */
function longestWithin(config: DecoderConfig, bytes: number, { slotShares }: BatchSizes): number {
  const bytesAt = (length: number): number => trainingBytes(config, length, slotShares, length);
  let longest = Math.min(SAMPLED.positions, config.maxPositions);
  while (longest < config.maxPositions && bytesAt(longest + 64) <= bytes) longest += 64;
  return longest;
}

function tooSmall(config: DecoderConfig, use: Use, limit: number, estimate: number): RrrError {
  // Rounded up: so much fits.
  const needed = (Math.ceil((estimate / GIB) * 10) / 10) * GIB;
  const least = (other: Use): number =>
    totalOf(
      partsOf(config, other, { batch: { ...batchSizes(config), tokens: SMALLEST_BATCH }, rows: FEWEST_ROWS }),
    );
  const hint =
    use === "full" && least("lora") <= limit
      ? `An adapter fits, which takes at least ${gib(least("lora"))}: --lora 16.`
      : `Give --memory ${(needed / GIB).toFixed(1)}GiB, or take a smaller model.`;
  return new RrrError(
    "out-of-memory",
    `${gib(limit)} of memory are too few ${DOING[use]} this model: at least ${gib(needed)} are needed, by estimate`,
    { hint },
  );
}

/** What is planned, in a sentence. */
export function planText({ use, batch, rows, cachedTokens, parts, limit }: MemoryPlan): string {
  const trained =
    use === "sample"
      ? ""
      : `, ${gib(parts.training)} for gradients and moments, ${gib(parts.batch)} for batches of ${batch.tokens} tokens`;
  return (
    `memory: ${gib(totalOf(parts))} of ${gib(limit)} planned, by estimate: ${gib(parts.weights)} for weights${trained}, ` +
    `${gib(parts.sampling)} for ${rows} rows of ${Math.floor(cachedTokens / rows)} tokens, ${gib(parts.process)} for the process${use === "full" ? ". A KL penalty opens the model once more, which is not in it" : ""}`
  );
}

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, MIB: 2 ** 20, GIB };

/** A size such as `6GB`, `1.5GiB` or `800MB`, in bytes; undefined for what is none. */
export function bytesOf(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([MG]i?B)$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (UNITS[unit?.toUpperCase() ?? ""] ?? Number.NaN);
  return bytes > 0 ? bytes : undefined;
}
