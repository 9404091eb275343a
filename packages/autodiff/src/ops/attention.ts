import { AutodiffError } from "../errors.ts";
import { lengthOf, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { checkFloat, derive } from "./node.ts";
import { sum } from "./reduce.ts";
import { concat, reshape, slice } from "./shape.ts";
import { softmax } from "./softmax.ts";

export interface AttentionOptions {
  /** Factor on q·k; default 1/√d. */
  readonly scale?: number;
  /** Query i sees only keys j ≤ i + (tk − tq). */
  readonly causal?: boolean;
  /** Added to the scores, broadcast to [batch, heads, tq, tk]: 0 where visible, very negative where not. No gradient. */
  readonly mask?: Tensor;
}

/** What a hidden score is lowered by: far below any score, and no infinity, whose differences are not numbers. */
const hidden = -1e9;
/**
 * Queries that are looked up together when causal: fewer see fewer keys in vain, more fill the processor better and make
 * fewer nodes to compile.
 */
const blockLength = (queries: number): number => (queries <= 256 ? 64 : 128);

/**
 * softmax(scale · q·kᵀ + mask) · v for q [batch, heads, tq, d] and k, v [batch, groups, tk, d].
 * Where heads is a multiple of groups, consecutive query heads share a key head (grouped queries), without copies.
 * @throws bad-shape
 * @see https://arxiv.org/abs/2305.13245
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  checkFloat("attention", q, k, v);
  const [batch, heads = 0, tq = 0, d = 0] = q.shape;
  const [, groups = 0, tk = 0] = k.shape;
  const fits =
    [q, k, v].every((x) => x.shape.length === 4 && x.shape[0] === batch) &&
    lengthOf(k.shape, -1) === d &&
    v.shape[1] === groups &&
    v.shape[2] === tk &&
    heads % groups === 0;
  if (!fits) {
    throw new AutodiffError("bad-shape", `attention: q ${show(q)}, k ${show(k)} and v ${show(v)} do not fit`);
  }
  const { scale = 1 / Math.sqrt(d), causal = false, mask } = options;
  if (!causal) return attend(q, k, v, scale, mask);
  // A block of queries is given only the keys that its last one sees.
  const blocks: Tensor[] = [];
  const step = blockLength(tq);
  for (let start = 0; start < tq; start += step) {
    const end = Math.min(start + step, tq);
    const seen = Math.max(1, end + tk - tq);
    const visible = causalMask(q, start, end, tk - tq, seen);
    const part = mask === undefined ? undefined : maskPart(mask, start, end, seen);
    blocks.push(
      attend(
        slice(q, 2, start, end),
        slice(k, 2, 0, seen),
        slice(v, 2, 0, seen),
        scale,
        part === undefined ? visible : add(visible, part),
      ),
    );
  }
  return concat(blocks, 2);
}

function attend(q: Tensor, k: Tensor, v: Tensor, scale: number, mask: Tensor | undefined): Tensor {
  const [batch = 0, heads = 0, tq = 0, d = 0] = q.shape;
  const [, groups = 0, tk = 0] = k.shape;
  // Heads that share keys are rows of one matrix.
  const queries = reshape(q, [batch, groups, (heads / groups) * tq, d]);
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

/** Queries start ≤ i < end see keys j ≤ i + offset of the first `seen`. */
function causalMask(q: Tensor, start: number, end: number, offset: number, seen: number): Tensor {
  const rows = end - start;
  const cells = Float32Array.from({ length: rows * seen }, (_, cell) =>
    cell % seen <= start + Math.floor(cell / seen) + offset ? 0 : hidden,
  );
  return q.graph.constant(cells, [rows, seen]);
}

/** The part of a broadcast mask for some queries and keys. */
function maskPart(mask: Tensor, start: number, end: number, seen: number): Tensor {
  const keys = mask.shape.at(-1) === 1 ? mask : slice(mask, -1, 0, seen);
  return (keys.shape.at(-2) ?? 1) === 1 ? keys : slice(keys, -2, start, end);
}
