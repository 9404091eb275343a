import {
  type AttentionOptions,
  attention,
  concat,
  type Graph,
  reshape,
  rotary,
  split,
  type Tensor,
  transpose,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { rotaryTables } from "@rrr/trainer/local";
import { type Attend, toHeads, type WeightInputs } from "./decoder.ts";

/**
 * Attention within rows of tokens that are all there.
 * @param positions of each token in its sequence, `[rows, length]`, all below `length`
 */
export function rowAttention(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  { rows, length }: { readonly rows: number; readonly length: number },
  { positions, ...options }: AttentionOptions & { readonly positions: Tensor<"int64"> },
): Attend {
  const { headDim, rotaryDim = headDim, numHeads, numKvHeads } = config;
  const tables = rotaryTables(config, length);
  const cos = graph.constant(tables.cos, [length, rotaryDim / 2]);
  const sin = graph.constant(tables.sin, [length, rotaryDim / 2]);
  const byHead = (x: Tensor, heads: number): Tensor =>
    transpose(reshape(x, [rows, length, heads, headDim]), [0, 2, 1, 3]);
  const turned = (x: Tensor): Tensor => {
    if (rotaryDim === headDim) return rotary(x, cos, sin, positions);
    const [first, rest] = split(x, 3, [rotaryDim, headDim - rotaryDim]) as [Tensor, Tensor];
    return concat([rotary(first, cos, sin, positions), rest], 3);
  };
  return ({ query, key, value }, layer) => {
    const q = turned(byHead(toHeads(config, weight, query, layer, "q"), numHeads));
    const k = turned(byHead(toHeads(config, weight, key, layer, "k"), numKvHeads));
    const v = byHead(value, numKvHeads);
    return reshape(transpose(attention(q, k, v, options), [0, 2, 1, 3]), [rows * length, numHeads * headDim]);
  };
}
