import {
  add,
  equal,
  type Graph,
  gather,
  matmul,
  mul,
  reshape,
  rmsNorm,
  split,
  sum,
  swiglu,
  type Tensor,
  where,
} from "@rrr/autodiff";
import { type DecoderConfig, familyOf, loraNames, type Projection } from "@rrr/trainer";
import type { ParameterShapes } from "./parameters.ts";

/** The weights of a graph: each is an input of the name that Hugging Face gives it. */
export interface WeightInputs {
  (name: string): Tensor;
  has(name: string): boolean;
  /** Factor of the adapter beside a projection; undefined where it has none. */
  scaleOf?(projection: string): number | undefined;
}

/** Queries `[tokens, heads·headDim]`, keys and values `[tokens, kvHeads·headDim]` of one layer, before QK-norm. */
export interface Projections {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
}

/** How tokens see each other, which differs between training, reading a prompt and writing the next token. */
export type Attend = (projections: Projections, layer: number) => Tensor;

/** x · weightᵀ for x `[n, in]` and a weight `[out, in]`. */
export type Product = (x: Tensor, weight: Tensor) => Tensor;

/** Declares a weight as an input of the graph when it is first asked for. */
export function weightInputs(
  graph: Graph,
  { shapes, scales }: Omit<ParameterShapes, "inputs">,
): WeightInputs {
  const inputs = new Map<string, Tensor>();
  const input = (name: string): Tensor => {
    const known = inputs.get(name);
    if (known !== undefined) return known;
    const shape = shapes.get(name);
    if (shape === undefined) throw new Error(`the model has no weight ${name}`);
    const declared = graph.input(name, shape);
    inputs.set(name, declared);
    return declared;
  };
  return Object.assign(input, {
    has: (name: string) => shapes.has(name),
    scaleOf: (projection: string) => scales.get(projection),
  });
}

/**
 * The decoder of every family: pre-norm blocks of attention and SwiGLU on a residual stream, as in Hugging Face's
 * `LlamaModel`. Positions and masks are the business of `attend`.
 *
 * Every linear layer of a block is a call of `project` with the name that its weight has in the model's files.
 * @param tokens `[n]`
 * @returns hidden states after the final norm, `[n, hiddenSize]`
 */
export function decode(
  config: DecoderConfig,
  weight: WeightInputs,
  tokens: Tensor<"int32">,
  attend: Attend,
  product: Product = timesTransposed,
): Tensor {
  const { numHeads, numKvHeads, headDim, intermediateSize } = config;
  const heads = [numHeads, numKvHeads, numKvHeads].map((count) => count * headDim);
  const norm = (x: Tensor, name: string): Tensor => rmsNorm(x, weight(`${name}.weight`), config.rmsNormEps);
  let residual = gather(weight("model.embed_tokens.weight"), tokens);
  for (let layer = 0; layer < config.numLayers; layer++) {
    const block = `model.layers.${layer}`;
    const has = (name: Linear): boolean => weight.has(`${block}.${name}.weight`);
    const project = (x: Tensor, name: Linear): Tensor => {
      const y = linear(x, `${block}.${name}`, weight, product);
      const bias = `${block}.${name}.bias`;
      return weight.has(bias) ? add(y, weight(bias)) : y;
    };
    const x = norm(residual, `${block}.input_layernorm`);
    const [query, key, value] = (
      has("self_attn.qkv_proj")
        ? split(project(x, "self_attn.qkv_proj"), 1, heads)
        : [project(x, "self_attn.q_proj"), project(x, "self_attn.k_proj"), project(x, "self_attn.v_proj")]
    ) as [Tensor, Tensor, Tensor];
    const context = attend({ query, key, value }, layer);
    residual = add(residual, project(context, "self_attn.o_proj"));
    const y = norm(residual, `${block}.post_attention_layernorm`);
    const [gate, up] = (
      has("mlp.gate_up_proj")
        ? split(project(y, "mlp.gate_up_proj"), 1, [intermediateSize, intermediateSize])
        : [project(y, "mlp.gate_proj"), project(y, "mlp.up_proj")]
    ) as [Tensor, Tensor];
    residual = add(residual, project(swiglu(gate, up), "mlp.down_proj"));
  }
  return norm(residual, "model.norm");
}

/** x · Wᵀ, and beside it scale · (x · Aᵀ) · Bᵀ where the projection has an adapter: W is never changed. */
function linear(x: Tensor, name: string, weight: WeightInputs, product: Product): Tensor {
  const y = product(x, weight(`${name}.weight`));
  const scale = weight.scaleOf?.(name);
  if (scale === undefined) return y;
  const [a, b] = loraNames(name);
  return add(y, product(mul(product(x, weight(a)), scale), weight(b)));
}

/** The linear layers of a block. */
type Linear = Projection | "self_attn.qkv_proj" | "mlp.gate_up_proj";

/** Scores of every token of the vocabulary, `[n, vocabSize]`. */
export function logits(
  config: DecoderConfig,
  weight: WeightInputs,
  hidden: Tensor,
  product: Product = timesTransposed,
): Tensor {
  const head = config.tieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";
  return product(hidden, weight(head));
}

/**
 * Log-probabilities `[n]`, NaN where the hidden state `[n, hiddenSize]` is all zeros. Norms make it so of numbers whose
 * squares are infinite, and every token is then as likely as any other: an answer that nothing computed.
 */
export function guarded(hidden: Tensor, logprobs: Tensor): Tensor {
  const length = sum(mul(hidden, hidden), { axes: [1] });
  return where(equal(length, 0), hidden.graph.constant(Number.NaN), logprobs);
}

function timesTransposed(x: Tensor, weight: Tensor): Tensor {
  return matmul(x, weight, { transposeB: true });
}

/**
 * Vectors of each head, `[n, heads·headDim]` in, `[n, heads, headDim]` out; each normalised by itself in families with
 * QK-norm.
 * @param between sizes of further axes before the last one, for what needs them
 */
export function toHeads(
  config: DecoderConfig,
  weight: WeightInputs,
  x: Tensor,
  layer: number,
  kind: "q" | "k",
  between: readonly number[] = [],
): Tensor {
  const heads = reshape(x, [-1, (x.shape[1] ?? 0) / config.headDim, ...between, config.headDim]);
  if (!familyOf(config).headNorm) return heads;
  return rmsNorm(heads, weight(`model.layers.${layer}.self_attn.${kind}_norm.weight`), config.rmsNormEps);
}
