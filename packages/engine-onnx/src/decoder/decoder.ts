import {
  add,
  equal,
  type Graph,
  gather,
  matmul,
  mul,
  reshape,
  rmsNorm,
  sum,
  swiglu,
  type Tensor,
  where,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import type { Layout } from "./parameters.ts";

/** The weights of a graph: each is an input of the name that Hugging Face gives it. */
export type WeightInputs = (name: string) => Tensor;

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
export function weightInputs(graph: Graph, layout: Layout): WeightInputs {
  const inputs = new Map<string, Tensor>();
  return (name) => {
    const known = inputs.get(name);
    if (known !== undefined) return known;
    const placement = layout.placements.get(name);
    if (placement === undefined) throw new Error(`the layout has no weight ${name}`);
    const input = graph.input(name, placement.shape);
    inputs.set(name, input);
    return input;
  };
}

/**
 * The Qwen3 decoder: pre-norm blocks of attention and SwiGLU on a residual stream, as in Hugging Face's
 * `Qwen3Model`. Positions and masks are the business of `attend`.
 * @param tokens `[n]`
 * @returns hidden states after the final norm, `[n, hiddenSize]`
 * @see https://arxiv.org/abs/2505.09388
 */
export function decode(
  config: DecoderConfig,
  weight: WeightInputs,
  tokens: Tensor<"int32">,
  attend: Attend,
  product: Product = timesTransposed,
): Tensor {
  const project = (x: Tensor, name: string): Tensor => product(x, weight(`${name}.weight`));
  const norm = (x: Tensor, name: string): Tensor => rmsNorm(x, weight(`${name}.weight`), config.rmsNormEps);
  let residual = gather(weight("model.embed_tokens.weight"), tokens);
  for (let layer = 0; layer < config.numLayers; layer++) {
    const block = `model.layers.${layer}`;
    const x = norm(residual, `${block}.input_layernorm`);
    const context = attend(
      {
        query: project(x, `${block}.self_attn.q_proj`),
        key: project(x, `${block}.self_attn.k_proj`),
        value: project(x, `${block}.self_attn.v_proj`),
      },
      layer,
    );
    residual = add(residual, project(context, `${block}.self_attn.o_proj`));
    const y = norm(residual, `${block}.post_attention_layernorm`);
    const inner = swiglu(project(y, `${block}.mlp.gate_proj`), project(y, `${block}.mlp.up_proj`));
    residual = add(residual, project(inner, `${block}.mlp.down_proj`));
  }
  return norm(residual, "model.norm");
}

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

/** QK-norm: each head's vector is normalised by itself; `[n, heads·headDim]` in, `[n, heads, headDim]` out. */
export function headNorm(
  config: DecoderConfig,
  weight: WeightInputs,
  x: Tensor,
  layer: number,
  kind: "q" | "k",
): Tensor {
  const heads = reshape(x, [-1, (x.shape[1] ?? 0) / config.headDim, config.headDim]);
  return rmsNorm(heads, weight(`model.layers.${layer}.self_attn.${kind}_norm.weight`), config.rmsNormEps);
}

/** Cosines and sines of rotary positions 0 … length − 1, each `[length, headDim / 2]`. */
export function rotaryTables(
  config: DecoderConfig,
  length: number,
): { cos: Float32Array; sin: Float32Array } {
  const half = config.headDim / 2;
  const cos = new Float32Array(length * half);
  const sin = new Float32Array(length * half);
  for (let position = 0; position < length; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * config.ropeTheta ** (-i / half);
      cos[position * half + i] = Math.cos(angle);
      sin[position * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
