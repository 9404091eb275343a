import {
  add,
  argMax,
  cast,
  concat,
  createGraph,
  cumSum,
  equal,
  type Graph,
  gather,
  lessOrEqual,
  log,
  matmul,
  maximum,
  minimum,
  mul,
  pick,
  reshape,
  slice,
  softmax,
  split,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { rotaryTables } from "@rrr/trainer/local";
import {
  type Attend,
  decode,
  guarded,
  logits,
  toHeads,
  type WeightInputs,
  weightInputs,
} from "../decoder/decoder.ts";
import type { ParameterShapes } from "../decoder/parameters.ts";
import { blockLength } from "./prefix-cache.ts";
import { stableProduct } from "./stable-product.ts";

/** `rows` sequences of up to `length` tokens each. */
export interface CacheShape {
  readonly rows: number;
  readonly length: number;
}

/** Names of a layer's keys and values in the cache. */
export function cacheNames(layer: number): readonly [key: string, value: string] {
  return [`keys ${layer}`, `values ${layer}`];
}

/**
 * Reads a block of each row's prompt behind the `length` tokens that the cache holds at most: keys and values of all
 * layers, `[rows, kvHeads, blockLength, headDim]` each. Nothing is sampled. To the bit they depend on neither `shape`: of
 * other rows nothing is seen, and what the cache does not hold adds exact zeros behind what it holds.
 */
export function blockGraph(
  config: DecoderConfig,
  parameters: ParameterShapes,
  shape: CacheShape,
  threads: number,
): Record<string, Tensor> {
  const graph = createGraph();
  const weight = weightInputs(graph, parameters);
  const outputs: Record<string, Tensor> = {};
  const attend = cachedAttention(graph, config, weight, shape, blockLength, outputs);
  const tokens = graph.input("tokens", [shape.rows * blockLength], "int32");
  decode(config, weight, tokens, attend, stable(threads));
  return outputs;
}

/** Weights that `blockGraph` reads: the last layer ends at its keys and values. */
export function blockWeights(config: DecoderConfig, names: readonly string[]): readonly string[] {
  const last = `model.layers.${config.numLayers - 1}.`;
  const kept = [
    "input_layernorm",
    ...["k_proj", "v_proj", "qkv_proj", "k_norm"].map((part) => `self_attn.${part}`),
  ];
  return names.filter((name) =>
    name.startsWith(last)
      ? kept.some((part) => name.startsWith(`${last}${part}.`))
      : name !== "model.norm.weight" && name !== "lm_head.weight",
  );
}

/**
 * One token for each row: reads the row's last token, sees what the cache holds of the row, samples the next.
 * Outputs: `token`, `logprob`, and each layer's key and value of the token read, `[rows, kvHeads, 1, headDim]`,
 * which the caller writes into the cache: returning the cache itself would copy it.
 */
export function stepGraph(
  config: DecoderConfig,
  parameters: ParameterShapes,
  shape: CacheShape,
  threads: number,
): Record<string, Tensor | Tensor<"int32">> {
  const graph = createGraph();
  const weight = weightInputs(graph, parameters);
  const outputs: Record<string, Tensor> = {};
  const attend = cachedAttention(graph, config, weight, shape, 1, outputs);
  const hidden = decode(
    config,
    weight,
    graph.input("tokens", [shape.rows], "int32"),
    attend,
    stable(threads),
  );
  const { token, logprob } = sampled(graph, logits(config, weight, hidden, stable(threads)));
  return { token, logprob: guarded(hidden, logprob), ...outputs };
}

/** What the scores of later tokens are lowered by: their share becomes exactly 0. */
export const hidden = -1e9;

function stable(threads: number): (x: Tensor, weight: Tensor) => Tensor {
  return (x, weight) => stableProduct(x, weight, threads);
}

/**
 * Attention of `count` new tokens per row over the cached ones, and of themselves those up to each.
 * @param outputs get the new tokens' keys and values
 */
function cachedAttention(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  { rows, length }: CacheShape,
  count: number,
  outputs: Record<string, Tensor>,
): Attend {
  const { headDim, numHeads, numKvHeads } = config;
  const scale = 1 / Math.sqrt(headDim);
  const mask = graph.input("mask", [rows, 1, 1, length]);
  const rotate = rotaryAt(graph, config, { rows, length }, count);
  /** `[rows · count, heads · headDim]` to `[rows, heads, count, headDim]`. */
  const byHead = (x: Tensor): Tensor =>
    count === 1
      ? reshape(x, [rows, -1, 1, headDim])
      : transpose(reshape(x, [rows, count, -1, headDim]), [0, 2, 1, 3]);
  /** The same, normalised and turned. A single token is turned where it lies: each reshaping costs as much as a norm. */
  const turned = (x: Tensor, layer: number, kind: "q" | "k"): Tensor => {
    if (count === 1) return rotate(toHeads(config, weight, x, layer, kind, [1]));
    return byHead(rotate(reshape(toHeads(config, weight, x, layer, kind), [rows, count, -1])));
  };
  const later = graph.constant(
    Float32Array.from({ length: count * count }, (_, i) => (i % count > Math.floor(i / count) ? hidden : 0)),
    [count, count],
  );
  const group = numHeads / numKvHeads;
  return ({ query, key, value }, layer) => {
    const [keyName, valueName] = cacheNames(layer);
    const cached = [rows, numKvHeads, length, headDim];
    // Heads that share keys are rows of one matrix.
    const ofKeys = (x: Tensor): Tensor => reshape(x, [rows, numKvHeads, group * count, -1]);
    const q = ofKeys(turned(query, layer, "q"));
    const k = turned(key, layer, "k");
    const v = byHead(value);
    outputs[keyName] = k;
    outputs[valueName] = v;
    const past = add(
      matmul(q, graph.input(`past ${keyName}`, cached), { transposeB: true, alpha: scale }),
      mask,
    );
    const scores = matmul(q, k, { transposeB: true, alpha: scale });
    const self = count === 1 ? scores : ofKeys(add(reshape(scores, [rows, numHeads, count, count]), later));
    const [pastShare, selfShare] = split(softmax(concat([past, self], 3)), 3, [length, count]) as [
      Tensor,
      Tensor,
    ];
    const context = add(
      matmul(pastShare, graph.input(`past ${valueName}`, cached)),
      count === 1 ? mul(selfShare, v) : matmul(selfShare, v),
    );
    if (count === 1) return reshape(context, [rows, numHeads * headDim]);
    const byToken = transpose(reshape(context, [rows, numHeads, count, headDim]), [0, 2, 1, 3]);
    return reshape(byToken, [rows * count, numHeads * headDim]);
  };
}

/**
 * Rotary embedding of `[rows, count, heads · headDim]` or `[rows, heads, count, headDim]`, where each token has its own position
 * in `positions`, at most `count` beyond those of the cache.
 */
export function rotaryAt(
  graph: Graph,
  config: DecoderConfig,
  { rows, length }: CacheShape,
  count: number,
): (x: Tensor) => Tensor {
  const { headDim, rotaryDim = headDim } = config;
  const tables = rotaryTables(config, length + count);
  const shape = [length + count, rotaryDim / 2];
  const partly = rotaryDim === headDim ? {} : { rotary_embedding_dim: rotaryDim };
  const cos = graph.constant(tables.cos, shape);
  const sin = graph.constant(tables.sin, shape);
  const positions = graph.input("positions", [rows, count], "int64");
  return (x) => {
    const heads = x.shape.length === 4 ? (x.shape[1] as number) : (x.shape[2] as number) / headDim;
    const [y] = graph.op(
      "RotaryEmbedding",
      [x, positions, cos, sin],
      [{ shape: x.shape, dtype: "float32" }],
      {
        domain: "com.microsoft",
        attributes: { num_heads: heads, ...partly },
      },
    );
    return y as Tensor;
  };
}

/**
 * The token at which the running sum of probabilities passes the row's uniform number, or the likeliest one where
 * that number is negative; and its log-probability, nats. Both at the row's temperature.
 */
export function sampled(graph: Graph, scores: Tensor): { token: Tensor<"int32">; logprob: Tensor } {
  const [rows] = scores.shape as [number, number];
  const uniform = graph.input("uniform", [rows, 1]);
  const probabilities = softmax(mul(scores, graph.input("inverseTemperature", [rows, 1])));
  const greedy = reshape(equal(uniform, -1), [rows]);
  const drawn = cast(drawnFrom(probabilities, uniform), "int32");
  const token = where(greedy, cast(argMax(probabilities), "int32"), drawn);
  return { token, logprob: log(pick(probabilities, token)) };
}

/** Vocabularies of fewer tokens are summed in one go. */
const largeVocabulary = 4096;

/**
 * Where the running sum of probabilities `[rows, n]` passes each row's share `[rows, 1]` of the whole. The runtime's running sum
 * is slow: of a large vocabulary the sums of parts are looked through first, and then the part that was found.
 */
function drawnFrom(probabilities: Tensor, uniform: Tensor): Tensor {
  const [rows, vocabulary] = probabilities.shape as [number, number];
  const width = [256, 128, 64, 32].find((each) => vocabulary % each === 0);
  if (vocabulary < largeVocabulary || width === undefined) {
    const running = cumSum(probabilities, 1);
    return passed(running, mul(uniform, total(running)));
  }
  const count = vocabulary / width;
  const sums = sum(reshape(probabilities, [rows, count, width]), { axes: [2] });
  const running = cumSum(sums, 1);
  const threshold = mul(uniform, total(running));
  const part = passed(running, threshold);
  const index = cast(part, "int32");
  const before = sub(pick(running, index), pick(sums, index));
  const first = probabilities.graph.constant(
    Float32Array.from({ length: rows }, (_, row) => row * count),
    [rows],
  );
  const found = gather(reshape(probabilities, [rows * count, width]), cast(add(first, part), "int32"));
  const place = passed(cumSum(found, 1), sub(threshold, reshape(before, [rows, 1])));
  return add(mul(part, width), place);
}

/** Rounding leaves it a little off 1. */
function total(running: Tensor): Tensor {
  const [, length] = running.shape as [number, number];
  return slice(running, 1, -1, length);
}

/**
 * How many running sums of each row its threshold has passed. Rounded to below 0 or to all there is, it would lead to a token
 * that has no probability at all.
 */
function passed(running: Tensor, threshold: Tensor): Tensor {
  const within = maximum(minimum(threshold, mul(total(running), 1 - 2 ** -23)), 0);
  return sum(cast(lessOrEqual(running, within), "float32"), { axes: [1] });
}
