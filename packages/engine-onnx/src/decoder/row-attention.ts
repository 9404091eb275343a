import {
  type AttentionOptions,
  attention,
  type Graph,
  reshape,
  rotary,
  type Tensor,
  transpose,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { type Attend, headNorm, rotaryTables, type WeightInputs } from "./decoder.ts";

/**
 * Attention within rows of tokens that are all there. Positions count from the row's start: rotary attention depends
 * on distances alone, so that sequences side by side in a row need no positions of their own.
 * @param seen is given each layer's keys and values as they enter attention, `[rows, kvHeads, length, headDim]`
 */
export function rowAttention(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  { rows, length }: { readonly rows: number; readonly length: number },
  options: AttentionOptions,
  seen?: (key: Tensor, value: Tensor) => void,
): Attend {
  const { headDim, numHeads, numKvHeads } = config;
  const tables = rotaryTables(config, length);
  const cos = graph.constant(tables.cos, [length, headDim / 2]);
  const sin = graph.constant(tables.sin, [length, headDim / 2]);
  const toHeads = (x: Tensor, heads: number): Tensor =>
    transpose(reshape(x, [rows, length, heads, headDim]), [0, 2, 1, 3]);
  return ({ query, key, value }, layer) => {
    const q = rotary(toHeads(headNorm(config, weight, query, layer, "q"), numHeads), cos, sin);
    const k = rotary(toHeads(headNorm(config, weight, key, layer, "k"), numKvHeads), cos, sin);
    const v = toHeads(value, numKvHeads);
    seen?.(k, v);
    return reshape(transpose(attention(q, k, v, options), [0, 2, 1, 3]), [rows * length, numHeads * headDim]);
  };
}
