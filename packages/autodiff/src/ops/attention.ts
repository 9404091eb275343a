import { AutodiffError } from "../errors.ts";
import { lengthOf, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { checkFloat, derive } from "./node.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./shape.ts";
import { softmax } from "./softmax.ts";

export interface AttentionOptions {
  /** Factor on q·k; default 1/√d. */
  readonly scale?: number;
  /** Query i sees only keys j ≤ i + (tk − tq). */
  readonly causal?: boolean;
  /** Added to the scores, broadcast to [batch, heads, tq, tk]: 0 where visible, very negative where not. No gradient. */
  readonly mask?: Tensor;
}

/** What a masked score is lowered by: far below any score, and no infinity, whose differences are not numbers. */
const hidden = -1e9;

/**
 * softmax(scale · q·kᵀ + mask) · v for q [batch, heads, tq, d] and k, v [batch, groups, tk, d].
 * Where heads is a multiple of groups, consecutive query heads share a key head (grouped queries), without copies.
 * @throws bad-shape
 * @see https://arxiv.org/abs/2305.13245
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  checkFloat("attention", q, k, v);
  const [batch = 0, heads = 0, tq = 0, d = 0] = q.shape;
  const [, groups = 0, tk = 0] = k.shape;
  const fits =
    [q, k, v].every((x) => x.shape.length === 4 && x.shape[0] === batch) &&
    lengthOf(k.shape, -1) === d &&
    v.shape[1] === groups &&
    v.shape[2] === tk &&
    heads % groups === 0;
  if (!fits)
    throw new AutodiffError("bad-shape", `attention: q ${show(q)}, k ${show(k)}, v ${show(v)} do not fit`);
  const { scale = 1 / Math.sqrt(d) } = options;
  const mask = options.causal === true ? causalMask(q, tk, options.mask) : options.mask;
  // Heads that share keys are rows of one matrix.
  const stacked = [batch, groups, (heads / groups) * tq, d];
  const queries = reshape(q, stacked);
  const scores = matmul(queries, k, { transposeB: true, alpha: scale });
  const masked =
    mask === undefined ? scores : reshape(add(reshape(scores, [batch, heads, tq, tk]), mask), scores.shape);
  const p = softmax(masked);
  const y = matmul(p, v);
  // Σⱼ pⱼ·dpⱼ = Σ y·dy, which has d terms instead of tk: the scores' gradient takes two passes over them.
  const inner = (g: Tensor): Tensor =>
    mul(sub(matmul(g, v, { transposeB: true }), sum(mul(g, y), { axes: [-1], keepDims: true })), p);
  derive(
    "attention",
    y,
    [queries, k, v],
    [
      (g) => matmul(inner(g), k, { alpha: scale }),
      (g) => matmul(inner(g), queries, { transposeA: true, alpha: scale }),
      (g) => matmul(p, g, { transposeA: true }),
    ],
  );
  return reshape(y, [batch, heads, tq, lengthOf(v.shape, -1)]);
}

function causalMask(q: Tensor, tk: number, mask: Tensor | undefined): Tensor {
  const tq = lengthOf(q.shape, 2);
  const cells = Float32Array.from({ length: tq * tk }, (_, i) =>
    i % tk <= Math.floor(i / tk) + tk - tq ? 0 : hidden,
  );
  const causal = q.graph.constant(cells, [tq, tk]);
  return mask === undefined ? causal : add(causal, mask);
}
