import type { DecoderConfig } from "@rrr/trainer";
import { rotaryTables } from "@rrr/trainer/local";
import type { Tensor, Tf } from "../runtime/tf.ts";
import type { Attend } from "./decoder.ts";
import { differentiable } from "./ops.ts";

/** What hidden scores are lowered by: their share becomes exactly 0. */
export const HIDDEN = -1e9;

type Saved = [q: Tensor, k: Tensor, v: Tensor, shares: Tensor, context: Tensor, cos: Tensor, back: Tensor];

/** Keys, turned, and values of one layer, `[rows, kvHeads, length, headDim]`. */
export interface KeysAndValues {
  readonly key: Tensor;
  readonly value: Tensor;
}

/**
 * Turns pairs (i, i + half) of the last axis, as Hugging Face's models do; dimensions beyond the pairs stay.
 * @param cos and `sin` broadcast to `[…, rotaryDim / 2]`
 * @see https://arxiv.org/abs/2104.09864
 */
export function rotate(tf: Tf, x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const half = cos.shape.at(-1) as number;
  const rest = (x.shape.at(-1) as number) - 2 * half;
  const parts = tf.split(x, rest === 0 ? [half, half] : [half, half, rest], -1);
  const [a, b, ...others] = parts as [Tensor, Tensor, ...Tensor[]];
  const turned = [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))];
  return tf.concat([...turned, ...others], -1);
}

/**
 * Causal attention within rows of tokens from position 0 on. What pads a row stands behind what is read of it.
 * @param keep is given each layer's keys and values: to the bit, they then do not depend on how long the rows are filled up
 */
export function rowAttention(
  tf: Tf,
  config: DecoderConfig,
  rows: number,
  length: number,
  keep?: (layer: KeysAndValues) => void,
): Attend {
  const { headDim, numHeads, numKvHeads } = config;
  const scale = 1 / Math.sqrt(headDim);
  const tables = rotaryTables(config, length);
  const half = tables.cos.length / length;
  const cos = tf.tensor2d(tables.cos, [length, half]);
  const sin = tf.tensor2d(tables.sin, [length, half]);
  const back = tf.neg(sin);
  const mask = tf.tensor4d(
    Float32Array.from({ length: length * length }, (_, i) =>
      i % length > Math.floor(i / length) ? HIDDEN : 0,
    ),
    [1, 1, length, length],
  );
  /** `[rows · length, heads · headDim]` to `[rows, heads, length, headDim]`, and the way back. */
  const byHead = (x: Tensor): Tensor =>
    tf.transpose(tf.reshape(x, [rows, length, -1, headDim]), [0, 2, 1, 3]);
  const byToken = (x: Tensor, heads: number): Tensor =>
    tf.reshape(tf.transpose(tf.reshape(x, [rows, heads, length, headDim]), [0, 2, 1, 3]), [
      rows * length,
      heads * headDim,
    ]);
  // Heads that share keys are rows of one matrix.
  const grouped = (x: Tensor): Tensor =>
    tf.reshape(x, [rows, numKvHeads, (numHeads / numKvHeads) * length, headDim]);
  const whole = (x: Tensor): Tensor => tf.reshape(x, [rows, numHeads, length, headDim]);

  return ({ query, key, value }) =>
    differentiable(tf, [query, key, value], () => {
      const q = grouped(rotate(tf, byHead(query), cos, sin));
      const k = rotate(tf, byHead(key), cos, sin);
      const v = byHead(value);
      keep?.({ key: tf.keep(k), value: tf.keep(v) });
      const scores = tf.mul(tf.matMul(q, k, false, true), scale);
      const masked = tf.add(tf.reshape(scores, [rows, numHeads, length, length]), mask);
      const softmax = keep === undefined ? tf.softmax(masked) : softmaxInOrder(tf, masked);
      const shares = tf.reshape(softmax, scores.shape);
      const context = tf.matMul(shares, v);
      return {
        value: byToken(context, numHeads),
        saved: [q, k, v, shares, context, cos, back],
        gradients: (dy, saved) => {
          const [q, k, v, p, y, cos, back] = saved as Saved;
          const g = grouped(byHead(dy));
          // Σⱼ pⱼ·dpⱼ = Σ y·dy
          const along = tf.sum(tf.mul(y, g), -1, true);
          const inner = tf.mul(tf.mul(tf.sub(tf.matMul(g, v, false, true), along), p), scale);
          // A rotation's gradient is rotated back.
          const dq = rotate(tf, whole(tf.matMul(inner, k)), cos, back);
          const dk = rotate(tf, tf.matMul(inner, q, true, false), cos, back);
          const dv = tf.matMul(p, g, true, false);
          return [byToken(dq, numHeads), byToken(dk, numKvHeads), byToken(dv, numKvHeads)];
        },
      };
    });
}

/** WebAssembly's own softmax adds up in lanes, in an order that depends on how many terms there are. */
function softmaxInOrder(tf: Tf, scores: Tensor): Tensor {
  const shares = tf.exp(tf.sub(scores, tf.max(scores, -1, true)));
  return tf.div(shares, tf.sum(shares, -1, true));
}
