/**
 * What a decoder is made of, with gradients written out: the build of `tfjs-core` for Node.js registers none, and those of
 * `@tensorflow/tfjs` multiply by matrices that are transposed on the way, at which WebAssembly is ten times slower, and add
 * up scattered rows, which it cannot.
 */
import type { Tensor, Tf } from "../runtime/tf.ts";

interface Differentiated {
  readonly value: Tensor;
  /** For each input its gradient, from that of the value and what was saved. */
  readonly gradients: (dy: Tensor, saved: readonly Tensor[]) => Tensor[];
  /** Tensors that the gradients need: all others are gone by then, but for the weights. */
  readonly saved?: readonly Tensor[];
}

/** An operation whose gradients are given. `compute` must not use operations of which the tape would need gradients. */
export function differentiable(tf: Tf, inputs: readonly Tensor[], compute: () => Differentiated): Tensor {
  const op = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
    const { value, gradients, saved = [] } = compute();
    save([...saved]);
    return { value, gradFunc: (dy: Tensor, kept: Tensor[]) => gradients(dy, kept) };
  });
  return op(...inputs);
}

export function add(tf: Tf, a: Tensor, b: Tensor): Tensor {
  return differentiable(tf, [a, b], () => ({ value: tf.add(a, b), gradients: (dy) => [dy, dy] }));
}

/** x `[n, width]` and a row `[width]`. */
export function addRow(tf: Tf, x: Tensor, row: Tensor): Tensor {
  return differentiable(tf, [x, row], () => ({
    value: tf.add(x, row),
    gradients: (dy) => [dy, tf.sum(dy, 0)],
  }));
}

/**
 * x · Wᵀ for x `[n, in]` and W `[out, in]`.
 * @param transposed Wᵀ `[in, out]`
 */
export function product(tf: Tf, x: Tensor, weight: Tensor, transposed: Tensor): Tensor {
  return differentiable(tf, [x, weight], () => ({
    value: tf.matMul(x, transposed),
    saved: [x],
    gradients: (dy, [x]) => [tf.matMul(dy, weight), tf.matMul(tf.transpose(dy), x as Tensor)],
  }));
}

/** Columns `start` … `start + size − 1` of x `[n, width]`. */
export function columns(tf: Tf, x: Tensor, start: number, size: number): Tensor {
  const [rows, width] = x.shape as [number, number];
  return differentiable(tf, [x], () => ({
    value: tf.slice(x, [0, start], [rows, size]),
    gradients: (dy) => [
      tf.pad(dy, [
        [0, 0],
        [start, width - start - size],
      ]),
    ],
  }));
}

/** Rows of x `[n, width]`. Their gradient is added up outside of TensorFlow.js. */
export function rowsOf(tf: Tf, x: Tensor, rows: Int32Array): Tensor {
  const [count, width] = x.shape as [number, number];
  const scattered = (dy: Tensor): Tensor => {
    const slopes = dy.dataSync();
    const sums = new Float32Array(count * width);
    rows.forEach((row, i) => {
      for (let k = 0; k < width; k++)
        sums[row * width + k] = (sums[row * width + k] as number) + (slopes[i * width + k] as number);
    });
    return tf.tensor2d(sums, [count, width]);
  };
  return differentiable(tf, [x], () => ({
    value: tf.gather(x, tf.tensor1d(rows, "int32")),
    gradients: (dy) => [scattered(dy)],
  }));
}

/**
 * Root-mean-square normalisation of x `[n, width]`, or of parts of its rows that are as long as the scale.
 * @see https://arxiv.org/abs/1910.07467
 */
export function rmsNorm(tf: Tf, x: Tensor, scale: Tensor, epsilon: number): Tensor {
  const parts = [-1, scale.shape[0] as number];
  return differentiable(tf, [x, scale], () => {
    const flat = tf.reshape(x, parts);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(flat), -1, true), epsilon));
    const unit = tf.mul(flat, inverse);
    return {
      value: tf.reshape(tf.mul(unit, scale), x.shape),
      saved: [unit, inverse],
      // With u = x/rms: dx = (s·g − u·mean(s·g·u)) / rms and ds = Σ g·u.
      gradients: (dy, [unit, inverse]) => {
        const g = tf.reshape(dy, parts);
        const [u, r] = [unit as Tensor, inverse as Tensor];
        const scaled = tf.mul(g, scale);
        const along = tf.mean(tf.mul(scaled, u), -1, true);
        const dx = tf.mul(tf.sub(scaled, tf.mul(u, along)), r);
        return [tf.reshape(dx, x.shape), tf.sum(tf.mul(g, u), 0)];
      },
    };
  });
}

/** gate · σ(gate) · up. @see https://arxiv.org/abs/2002.05202 */
export function swiglu(tf: Tf, gate: Tensor, up: Tensor): Tensor {
  return differentiable(tf, [gate, up], () => {
    const sigmoid = tf.sigmoid(gate);
    const silu = tf.mul(gate, sigmoid);
    return {
      value: tf.mul(silu, up),
      saved: [sigmoid, silu, up],
      gradients: (dy, saved) => {
        const [s, a, up] = saved as [Tensor, Tensor, Tensor];
        // σ + gate·σ·(1 − σ)
        const slope = tf.sub(tf.add(s, a), tf.mul(a, s));
        return [tf.mul(tf.mul(dy, up), slope), tf.mul(dy, a)];
      },
    };
  });
}
