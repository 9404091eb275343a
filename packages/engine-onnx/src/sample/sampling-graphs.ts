import {
  add,
  argMax,
  cast,
  concat,
  createGraph,
  cumSum,
  equal,
  type Graph,
  lessOrEqual,
  log,
  matmul,
  minimum,
  mul,
  pick,
  reshape,
  slice,
  softmax,
  split,
  sum,
  type Tensor,
  where,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
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
import { rotaryTables } from "../decoder/rotary.ts";
import { rowAttention } from "../decoder/row-attention.ts";
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

/** Reads prompts: keys and values of all layers, `[rows, kvHeads, length, headDim]` each. Nothing is sampled. */
export function promptGraph(
  config: DecoderConfig,
  parameters: ParameterShapes,
  shape: CacheShape,
  threads: number,
): Record<string, Tensor> {
  const graph = createGraph();
  const weight = weightInputs(graph, parameters);
  const outputs: Record<string, Tensor> = {};
  let layer = 0;
  const attend = rowAttention(graph, config, weight, shape, { causal: true }, (key, value) => {
    const [keys, values] = cacheNames(layer++);
    outputs[keys] = key;
    outputs[values] = value;
  });
  decode(
    config,
    weight,
    graph.input("tokens", [shape.rows * shape.length], "int32"),
    attend,
    stable(threads),
  );
  return outputs;
}

/** Weights that `promptGraph` reads: the last layer ends at its keys and values. */
export function promptWeights(config: DecoderConfig, names: readonly string[]): readonly string[] {
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
  const outputs: Record<string, Tensor | Tensor<"int32">> = {};
  const attend = cachedAttention(graph, config, weight, shape, outputs);
  const hidden = decode(
    config,
    weight,
    graph.input("tokens", [shape.rows], "int32"),
    attend,
    stable(threads),
  );
  const { token, logprob } = sampled(graph, logits(config, weight, hidden));
  return { token, logprob: guarded(hidden, logprob), ...outputs };
}

function stable(threads: number): (x: Tensor, weight: Tensor) => Tensor {
  return (x, weight) => stableProduct(x, weight, threads);
}

/** Attention of one new token per row over the cached ones and itself. */
function cachedAttention(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  { rows, length }: CacheShape,
  outputs: Record<string, Tensor | Tensor<"int32">>,
): Attend {
  const { headDim, numHeads, numKvHeads } = config;
  const scale = 1 / Math.sqrt(headDim);
  const mask = graph.input("mask", [rows, 1, 1, length]);
  const rotate = rotaryAt(graph, config, { rows, length });
  return ({ query, key, value }, layer) => {
    const [keyName, valueName] = cacheNames(layer);
    const cached = [rows, numKvHeads, length, headDim];
    const own = [rows, numKvHeads, 1, headDim];
    // Heads that share keys are rows of one matrix.
    const q = reshape(rotate(toHeads(config, weight, query, layer, "q")), [rows, numKvHeads, -1, headDim]);
    const k = reshape(rotate(toHeads(config, weight, key, layer, "k")), own);
    const v = reshape(value, own);
    outputs[keyName] = k;
    outputs[valueName] = v;
    const past = add(
      matmul(q, graph.input(`past ${keyName}`, cached), { transposeB: true, alpha: scale }),
      mask,
    );
    const self = matmul(q, k, { transposeB: true, alpha: scale });
    const [pastShare, selfShare] = split(softmax(concat([past, self], 3)), 3, [length, 1]) as [
      Tensor,
      Tensor,
    ];
    const context = add(matmul(pastShare, graph.input(`past ${valueName}`, cached)), mul(selfShare, v));
    return reshape(context, [rows, numHeads * headDim]);
  };
}

/** Rotary embedding of `[rows, heads, headDim]` where each row has its own position below `length`, of `positions`. */
function rotaryAt(graph: Graph, config: DecoderConfig, { rows, length }: CacheShape): (x: Tensor) => Tensor {
  const { headDim, rotaryDim = headDim } = config;
  const tables = rotaryTables(config, length);
  const shape = [length, rotaryDim / 2];
  const partly = rotaryDim === headDim ? {} : { rotary_embedding_dim: rotaryDim };
  const cos = graph.constant(tables.cos, shape);
  const sin = graph.constant(tables.sin, shape);
  const positions = graph.input("positions", [rows, 1], "int64");
  return (x) => {
    const heads = x.shape[1] as number;
    const flat = reshape(x, [rows, 1, heads * headDim]);
    const [y] = graph.op(
      "RotaryEmbedding",
      [flat, positions, cos, sin],
      [{ shape: flat.shape, dtype: "float32" }],
      {
        domain: "com.microsoft",
        attributes: { num_heads: heads, ...partly },
      },
    );
    return reshape(y as Tensor, x.shape);
  };
}

/**
 * The token at which the running sum of probabilities passes the row's uniform number, or the likeliest one where
 * that number is negative; and its log-probability, nats. Both at the row's temperature.
 */
function sampled(graph: Graph, scores: Tensor): { token: Tensor<"int32">; logprob: Tensor } {
  const [rows, vocabulary] = scores.shape as [number, number];
  const uniform = graph.input("uniform", [rows, 1]);
  const probabilities = softmax(mul(scores, graph.input("inverseTemperature", [rows, 1])));
  const running = cumSum(probabilities, 1);
  // Rounding leaves the last sum a little off 1.
  const threshold = mul(uniform, slice(running, 1, -1, vocabulary));
  const passed = sum(cast(lessOrEqual(running, threshold), "float32"), { axes: [1] });
  const drawn = cast(minimum(passed, vocabulary - 1), "int32");
  const greedy = reshape(equal(uniform, -1), [rows]);
  const token = where(greedy, cast(argMax(probabilities), "int32"), drawn);
  return { token, logprob: log(pick(probabilities, token)) };
}
