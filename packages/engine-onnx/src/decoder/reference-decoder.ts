import type { DecoderConfig, Weights } from "@rrr/trainer";
import { rotaryFrequencies } from "@rrr/trainer/local";

/**
 * The families in plain float64 loops, written from the definitions of Hugging Face's `…ForCausalLM`: what the graphs are
 * tested against. It shares nothing with them but the frequencies of rotary positions, which have a test of their own.
 * What a layer has is read from the weights that there are.
 * @returns log-probabilities of every next token, `[tokens.length][vocabSize]`
 */
export function referenceLogprobs(
  config: DecoderConfig,
  weights: Weights,
  tokens: readonly number[],
): number[][] {
  const { hiddenSize, intermediateSize, numHeads, numKvHeads, headDim } = config;
  const { frequencies, attentionFactor } = rotaryFrequencies(config);
  const data = (name: string): Float32Array => weights.get(`${name}.weight`)?.data as Float32Array;
  const linear = (x: readonly number[], name: string): number[] => {
    const bias = weights.get(`${name}.bias`)?.data;
    return times(data(name), x).map((v, i) => v + (bias?.[i] ?? 0));
  };
  /** A part of the outputs of one matrix, or a matrix of its own. */
  const part = (x: readonly number[], own: string, fused: string, start: number, count: number): number[] =>
    data(own) === undefined ? linear(x, fused).slice(start, start + count) : linear(x, own);
  let stream = tokens.map((token) =>
    Array.from(data("model.embed_tokens").subarray(token * hiddenSize, (token + 1) * hiddenSize)),
  );
  const norm = (x: readonly number[], scale: Float32Array): number[] => {
    const rms = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length + config.rmsNormEps);
    return x.map((v, i) => (v / rms) * (scale[i] as number));
  };
  /** Every head's vector normalised, where the family does so, then turned: pairs are (i, i + half), the rest is kept. */
  const heads = (x: readonly number[], scale: Float32Array | undefined, position: number): number[][] =>
    Array.from({ length: x.length / headDim }, (_, head) => {
      const own = x.slice(head * headDim, (head + 1) * headDim);
      const y = scale === undefined ? own : norm(own, scale);
      const half = frequencies.length;
      return y.map((v, i) => {
        if (i >= 2 * half) return v;
        const angle = position * (frequencies[i % half] as number);
        const other = i < half ? -(y[i + half] as number) : (y[i - half] as number);
        return attentionFactor * (v * Math.cos(angle) + other * Math.sin(angle));
      });
    });
  for (let layer = 0; layer < config.numLayers; layer++) {
    const block = `model.layers.${layer}`;
    const x = stream.map((row) => norm(row, data(`${block}.input_layernorm`)));
    const fused = `${block}.self_attn.qkv_proj`;
    const [queries, keys] = [numHeads * headDim, numKvHeads * headDim];
    const q = x.map((row, p) =>
      heads(part(row, `${block}.self_attn.q_proj`, fused, 0, queries), data(`${block}.self_attn.q_norm`), p),
    );
    const k = x.map((row, p) =>
      heads(
        part(row, `${block}.self_attn.k_proj`, fused, queries, keys),
        data(`${block}.self_attn.k_norm`),
        p,
      ),
    );
    const v = x.map((row) => part(row, `${block}.self_attn.v_proj`, fused, queries + keys, keys));
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
      const both = `${block}.mlp.gate_up_proj`;
      const up = part(y, `${block}.mlp.up_proj`, both, intermediateSize, intermediateSize);
      const inner = part(y, `${block}.mlp.gate_proj`, both, 0, intermediateSize).map(
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
