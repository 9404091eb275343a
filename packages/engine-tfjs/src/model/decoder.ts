import { type DecoderConfig, familyOf, type Projection } from "@rrr/trainer";
import type { Tensor, Tf } from "../runtime/tf.ts";
import { add, addRow, columns, product, rmsNorm, rowsOf, swiglu } from "./ops.ts";
import type { ModelTensors } from "./tensors.ts";

/** What is computed on, for which model. */
export interface Decoding {
  readonly tf: Tf;
  readonly config: DecoderConfig;
  readonly tensors: ModelTensors;
}

/** Queries `[n, heads · headDim]`, keys and values `[n, kvHeads · headDim]` of one layer, before they are turned. */
export interface Heads {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
}

/** How tokens see each other, which differs between rows and the next token of each; gives `[n, heads · headDim]`. */
export type Attend = (heads: Heads, layer: number) => Tensor;

/**
 * The decoder of every family: pre-norm blocks of attention and SwiGLU on a residual stream, as in Hugging Face's
 * `LlamaModel`. Positions and masks are the business of `attend`.
 * @returns hidden states after the final norm, `[n, hiddenSize]`
 */
export function decode({ tf, config, tensors }: Decoding, tokens: Int32Array, attend: Attend): Tensor {
  const { numHeads, numKvHeads, headDim, intermediateSize: inner, rmsNormEps, biases = [] } = config;
  const { fused, headNorm } = familyOf(config);
  const qkv: readonly Part[] = [
    { name: "self_attn.q_proj", size: numHeads * headDim },
    { name: "self_attn.k_proj", size: numKvHeads * headDim },
    { name: "self_attn.v_proj", size: numKvHeads * headDim },
  ];
  const gateUp: readonly Part[] = [
    { name: "mlp.gate_proj", size: inner },
    { name: "mlp.up_proj", size: inner },
  ];
  const norm = (x: Tensor, name: string): Tensor => rmsNorm(tf, x, tensors.get(`${name}.weight`), rmsNormEps);
  let residual = rowsOf(tf, tensors.get(EMBEDDING), tokens);
  for (let layer = 0; layer < config.numLayers; layer++) {
    const block = `model.layers.${layer}`;
    const project = (x: Tensor, name: string): Tensor => {
      const weight = `${block}.${name}.weight`;
      const y = product(tf, x, tensors.get(weight), tensors.transposed(weight));
      return biases.includes(name as Projection) ? addRow(tf, y, tensors.get(`${block}.${name}.bias`)) : y;
    };
    /** Several projections of the same; of one matrix, one after another, where the family fuses them. */
    const projections = (x: Tensor, fusedName: string, parts: readonly Part[]): Tensor[] => {
      if (!fused) return parts.map(({ name }) => project(x, name));
      const whole = project(x, fusedName);
      return parts.map(({ size }, i) => {
        const start = parts.slice(0, i).reduce((sum, part) => sum + part.size, 0);
        return columns(tf, whole, start, size);
      });
    };
    const headed = (x: Tensor, kind: "q" | "k"): Tensor =>
      headNorm ? norm(x, `${block}.self_attn.${kind}_norm`) : x;
    const x = norm(residual, `${block}.input_layernorm`);
    const [query, key, value] = projections(x, "self_attn.qkv_proj", qkv) as [Tensor, Tensor, Tensor];
    const context = attend({ query: headed(query, "q"), key: headed(key, "k"), value }, layer);
    residual = add(tf, residual, project(context, "self_attn.o_proj"));
    const y = norm(residual, `${block}.post_attention_layernorm`);
    const [gate, up] = projections(y, "mlp.gate_up_proj", gateUp) as [Tensor, Tensor];
    residual = add(tf, residual, project(swiglu(tf, gate, up), "mlp.down_proj"));
  }
  return norm(residual, "model.norm");
}

const EMBEDDING = "model.embed_tokens.weight";

/** A projection, and how wide its output is. */
interface Part {
  readonly name: string;
  readonly size: number;
}

/** Scores of every token of the vocabulary, `[n, vocabSize]`. */
export function logits({ tf, config, tensors }: Decoding, hidden: Tensor): Tensor {
  const head = config.tieWordEmbeddings ? EMBEDDING : "lm_head.weight";
  return product(tf, hidden, tensors.get(head), tensors.transposed(head));
}

/**
 * What is added to the scores of hidden states `[n, hiddenSize]`, `[n, 1]`: 0, and NaN where a state is all zeros. Norms make
 * it so of numbers whose squares are infinite, and every token is then as likely as any other: an answer that nothing
 * computed.
 */
export function guard(tf: Tf, hidden: Tensor): Tensor {
  const length = tf.sum(tf.square(hidden), -1, true);
  return tf.where(tf.equal(length, 0), tf.fill(length.shape, Number.NaN), tf.zerosLike(length));
}
