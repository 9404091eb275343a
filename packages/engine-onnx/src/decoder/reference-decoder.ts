import type { DecoderConfig, Weights } from "@rrr/trainer";

/**
 * Qwen3 in plain float64 loops, written from the definition of Hugging Face's `Qwen3ForCausalLM` and sharing
 * nothing with the graphs: what these are tested against.
 * @returns log-probabilities of every next token, `[tokens.length][vocabSize]`
 */
export function referenceLogprobs(
  config: DecoderConfig,
  weights: Weights,
  tokens: readonly number[],
): number[][] {
  const { hiddenSize, numHeads, numKvHeads, headDim } = config;
  const data = (name: string): Float32Array => weights.get(`${name}.weight`)?.data as Float32Array;
  const linear = (x: readonly number[], name: string): number[] => times(data(name), x);
  let stream = tokens.map((token) =>
    Array.from(data("model.embed_tokens").subarray(token * hiddenSize, (token + 1) * hiddenSize)),
  );
  const norm = (x: readonly number[], scale: Float32Array): number[] => {
    const rms = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length + config.rmsNormEps);
    return x.map((v, i) => (v / rms) * (scale[i] as number));
  };
  /** Every head's vector normalised, then rotated: pairs are (i, i + headDim/2). */
  const heads = (x: readonly number[], scale: Float32Array, position: number): number[][] =>
    Array.from({ length: x.length / headDim }, (_, head) => {
      const y = norm(x.slice(head * headDim, (head + 1) * headDim), scale);
      const half = headDim / 2;
      return y.map((v, i) => {
        const angle = position * config.ropeTheta ** ((-2 * (i % half)) / headDim);
        const other = i < half ? -(y[i + half] as number) : (y[i - half] as number);
        return v * Math.cos(angle) + other * Math.sin(angle);
      });
    });
  for (let layer = 0; layer < config.numLayers; layer++) {
    const block = `model.layers.${layer}`;
    const x = stream.map((row) => norm(row, data(`${block}.input_layernorm`)));
    const q = x.map((row, p) =>
      heads(linear(row, `${block}.self_attn.q_proj`), data(`${block}.self_attn.q_norm`), p),
    );
    const k = x.map((row, p) =>
      heads(linear(row, `${block}.self_attn.k_proj`), data(`${block}.self_attn.k_norm`), p),
    );
    const v = x.map((row) => linear(row, `${block}.self_attn.v_proj`));
    stream = stream.map((row, p) => {
      const context = Array.from({ length: numHeads }, (_, head) => {
        const group = Math.floor(head / (numHeads / numKvHeads));
        const scores = softmax(
          k.slice(0, p + 1).map((key) => dot(q[p]?.[head] ?? [], key[group] ?? []) / Math.sqrt(headDim)),
        );
        return Array.from({ length: headDim }, (_, i) =>
          scores.reduce((sum, score, s) => sum + score * (v[s]?.[group * headDim + i] as number), 0),
        );
      }).flat();
      return plus(row, linear(context, `${block}.self_attn.o_proj`));
    });
    stream = stream.map((row) => {
      const y = norm(row, data(`${block}.post_attention_layernorm`));
      const up = linear(y, `${block}.mlp.up_proj`);
      const inner = linear(y, `${block}.mlp.gate_proj`).map(
        (g, i) => (g / (1 + Math.exp(-g))) * (up[i] as number),
      );
      return plus(row, linear(inner, `${block}.mlp.down_proj`));
    });
  }
  const head = config.tieWordEmbeddings ? "model.embed_tokens" : "lm_head";
  return stream.map((row) => softmax(linear(norm(row, data("model.norm")), head)).map(Math.log));
}

function times(matrix: Float32Array, x: readonly number[]): number[] {
  return Array.from({ length: matrix.length / x.length }, (_, row) =>
    x.reduce((sum, v, i) => sum + v * (matrix[row * x.length + i] as number), 0),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);
}

function plus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((v, i) => v + (b[i] as number));
}

function softmax(x: readonly number[]): number[] {
  const top = Math.max(...x);
  const e = x.map((v) => Math.exp(v - top));
  const total = e.reduce((sum, v) => sum + v, 0);
  return e.map((v) => v / total);
}
