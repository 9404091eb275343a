import { AutodiffError } from "../errors.ts";
import { broadcastShapes, lengthOf, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reduceTo } from "./broadcast.ts";
import { checkFloat, derive, microsoft, node } from "./node.ts";
import { reshape, transpose } from "./shape.ts";

export interface MatmulOptions {
  /** Take the last two axes of a the other way round, without moving them. */
  readonly transposeA?: boolean;
  /** The same for b. */
  readonly transposeB?: boolean;
  /** Factor on the product; costs nothing. */
  readonly alpha?: number;
}

/**
 * Matrix product of the last two axes, [..., m, k] × [..., k, n] → [..., m, n]; the axes before them broadcast.
 * @throws bad-shape, bad-dtype
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, alpha = 1 } = options;
  checkFloat("matmul", a, b);
  const [m, k] = matrixOf(a, transposeA);
  const [rows, n] = matrixOf(b, transposeB);
  if (m === undefined || n === undefined || k !== rows) {
    const describe = (x: Tensor, flipped: boolean): string => `${show(x)}${flipped ? " transposed" : ""}`;
    throw new AutodiffError(
      "bad-shape",
      `matmul: ${describe(a, transposeA)} × ${describe(b, transposeB)}: ${k ?? "no"} columns, ${rows ?? "no"} rows`,
    );
  }
  const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  // Many matrices times one are a single tall matrix times it: one large product, and one for b's gradient.
  const flat = b.shape.length === 2 && a.shape.length > 2 && !transposeA;
  const left = flat ? reshape(a, [sizeOf(a.shape) / lengthOf(a.shape, -1), lengthOf(a.shape, -1)]) : a;
  const shape = flat ? [lengthOf(left.shape, 0), n] : [...batch, m, n];
  return reshape(product(left, b, transposeA, transposeB, alpha, shape), [...batch, m, n]);
}

function product(
  a: Tensor,
  b: Tensor,
  flipA: boolean,
  flipB: boolean,
  alpha: number,
  shape: readonly number[],
): Tensor {
  const attributes = { transA: Number(flipA), transB: Number(flipB), alpha: { float: alpha } };
  const y = node("FusedMatMul", [a, b], { shape, dtype: "float32" }, { domain: microsoft, attributes });
  const times = (p: Tensor, q: Tensor, transposeA: boolean, transposeB: boolean, like: Tensor): Tensor =>
    reduceTo(matmul(p, q, { transposeA, transposeB, alpha }), like.shape);
  const tall = !flipA && isTall(a) && isTall(y);
  return derive(
    "matmul",
    y,
    [a, b],
    [
      (g) => (flipA ? times(b, g, flipB, true, a) : times(g, b, false, !flipB, a)),
      (g) => {
        if (tall) return flipB ? outer(g, a, alpha, false) : outer(a, g, alpha, true);
        return flipB ? times(g, a, true, flipA, b) : times(a, g, !flipA, false, b);
      },
    ],
  );
}

/** A matrix of so many rows that a pass over it costs nothing beside a product with it. */
function isTall(x: Tensor): boolean {
  return x.shape.length === 2 && lengthOf(x.shape, 0) >= 4 * lengthOf(x.shape, 1);
}

/**
 * pᵀq of two tall matrices. onnxruntime's product reads a transposed left operand a fifth more slowly, so the
 * narrower one is transposed beforehand: once, where several products share it.
 */
function outer(p: Tensor, q: Tensor, alpha: number, firstOnTie: boolean): Tensor {
  const [width, other] = [lengthOf(p.shape, 1), lengthOf(q.shape, 1)];
  return width < other || (width === other && firstOnTie)
    ? matmul(flip(p), q, { alpha })
    : transpose(matmul(flip(q), p, { alpha }), [1, 0]);
}

/** A transposed matrix in memory: onnxruntime's optimiser would merge a plain Transpose into the product again. */
function flip(x: Tensor): Tensor {
  const [rows, columns] = [lengthOf(x.shape, 0), lengthOf(x.shape, 1)];
  return reshape(transpose(reshape(x, [1, rows, columns]), [0, 2, 1]), [columns, rows]);
}

/** Rows and columns of the last two axes, as the product sees them. */
function matrixOf(x: Tensor, flipped: boolean): readonly [number | undefined, number | undefined] {
  const [rows, columns] = [x.shape.at(-2), x.shape.at(-1)];
  return flipped ? [columns, rows] : [rows, columns];
}
