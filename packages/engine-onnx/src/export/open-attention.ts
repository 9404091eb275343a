import {
  add,
  and,
  cast,
  concat,
  type Graph,
  gather,
  lessOrEqual,
  mul,
  rmsNorm,
  softmax,
  split,
  sub,
  type Tensor,
  transpose,
  where,
} from "@rrr/autodiff";
import { type DecoderConfig, familyOf } from "@rrr/trainer";
import { rotaryTables } from "@rrr/trainer/local";
import type { Attend, WeightInputs } from "../decoder/decoder.ts";
import { at, batch, lengthsOf, matmul, node, past, reshape, sequence, total } from "./open-shapes.ts";

/** What hidden positions' scores are lowered by: their share becomes exactly 0. */
const hidden = -1e9;

/** The inputs that say which tokens there are. */
export interface TokenInputs {
  /** `[batch, sequence]` */
  readonly ids: Tensor<"int64">;
  /** `[batch, sequence]` */
  readonly positions: Tensor<"int64">;
  /** 1 for a token, 0 for padding, `[batch, past + sequence]`. */
  readonly mask: Tensor<"int64">;
}

/**
 * Attention of new tokens over those of the cache and each other.
 * @param present takes each layer's keys and values, old and new, `[batch, kvHeads, past + sequence, headDim]`
 */
export function openAttention(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  tokens: TokenInputs,
  present: (layer: number, key: Tensor, value: Tensor) => void,
): Attend {
  const { headDim, numHeads, numKvHeads } = config;
  const group = numHeads / numKvHeads;
  const lengths = lengthsOf(tokens.ids);
  const bias = visibility(graph, tokens, lengths);
  const rotate = rotaryAt(graph, config, tokens.positions);

  const heads = (x: Tensor, count: number): Tensor =>
    reshape(x, [lengths, count, headDim], [batch, sequence, count, headDim]);
  const turned = (x: Tensor, count: number, layer: number, kind: "q" | "k"): Tensor => {
    if (!familyOf(config).headNorm) return rotate(heads(x, count));
    const scale = weight(`model.layers.${layer}.self_attn.${kind}_norm.weight`);
    const vectors = reshape(x, [-1, headDim], [batch * sequence * count, headDim]);
    return rotate(heads(rmsNorm(vectors, scale, config.rmsNormEps), count));
  };
  const cached = (x: Tensor, layer: number, kind: "key" | "value"): Tensor => {
    const before = graph.input(`past_key_values.${layer}.${kind}`, [batch, numKvHeads, past, headDim]);
    return concat([before, transpose(x, [0, 2, 1, 3])], 2);
  };

  return ({ query, key, value }, layer) => {
    const q = transpose(turned(query, numHeads, layer, "q"), [0, 2, 1, 3]);
    const k = cached(turned(key, numKvHeads, layer, "k"), layer, "key");
    const v = cached(heads(value, numKvHeads), layer, "value");
    present(layer, k, v);
    // Heads that share keys are rows of one matrix.
    const shared = [batch, numKvHeads, group * sequence];
    const rows = reshape(mul(q, 1 / Math.sqrt(headDim)), [0, numKvHeads, -1, headDim], [...shared, headDim]);
    const scores = matmul(rows, transpose(k, [0, 1, 3, 2]));
    const apart = reshape(scores, [0, numHeads, -1, 0], [batch, numHeads, sequence, total]);
    const shares = reshape(softmax(add(apart, bias)), [0, numKvHeads, -1, 0], [...shared, total]);
    const context = reshape(
      matmul(shares, v),
      [0, numHeads, -1, headDim],
      [batch, numHeads, sequence, headDim],
    );
    const width = numHeads * headDim;
    return reshape(transpose(context, [0, 2, 1, 3]), [-1, width], [batch * sequence, width]);
  };
}

/** What is added to scores: 0 where a token sees another, `[batch, 1, sequence, past + sequence]`. */
function visibility(graph: Graph, { mask }: TokenInputs, lengths: Tensor<"int64">): Tensor {
  const range = (from: Tensor<"int64">, to: Tensor<"int64">, length: number): Tensor<"int64"> =>
    node("Range", [from, to, graph.constant(1, [], "int64")], { shape: [length], dtype: "int64" });
  const end = at(lengthsOf(mask), 1);
  const columns = range(graph.constant(0, [], "int64"), end, total);
  // New tokens are the last ones.
  const rows = reshape(range(sub(end, at(lengths, 1)), end, sequence), [-1, 1], [sequence, 1]);
  const real = reshape(cast(mask, "bool"), [0, 1, 1, -1], [batch, 1, 1, total]);
  const visible = and(lessOrEqual(columns, rows), real);
  return where(visible, graph.constant(0), graph.constant(hidden));
}

/** Rotary embedding of `[batch, sequence, heads, headDim]`. */
function rotaryAt(graph: Graph, config: DecoderConfig, positions: Tensor<"int64">): (x: Tensor) => Tensor {
  const { maxPositions, headDim, rotaryDim = headDim } = config;
  const half = rotaryDim / 2;
  const tables = rotaryTables(config, maxPositions);
  const rowsOf = (table: Float32Array): Tensor =>
    reshape(
      gather(graph.constant(table, [maxPositions, half]), positions),
      [0, 0, 1, half],
      [batch, sequence, 1, half],
    );
  const cos = rowsOf(tables.cos);
  const sin = rowsOf(tables.sin);
  return (x) => {
    const rest = headDim - rotaryDim;
    const [low, high, ...kept] = split(x, 3, [half, half, ...(rest === 0 ? [] : [rest])]) as [Tensor, Tensor];
    return concat([sub(mul(low, cos), mul(high, sin)), add(mul(high, cos), mul(low, sin)), ...kept], 3);
  };
}
