import { AutodiffError } from "../errors.ts";
import { broadcastShapes, lengthOf, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reduceTo } from "./broadcast.ts";
import { checkFloat, derive, microsoft, node } from "./node.ts";
import { reshape } from "./shape.ts";

export interface MatmulOptions {
  /** Take the last two axes of a the other way round; costs nothing. */
  readonly transposeA?: boolean;
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
  const [k2, n] = matrixOf(b, transposeB);
  if (k === undefined || m === undefined || n === undefined || k !== k2) {
    const flag = (tensor: Tensor, flipped: boolean): string =>
      `${show(tensor)}${flipped ? " transposed" : ""}`;
    throw new AutodiffError(
      "bad-shape",
      `matmul: ${flag(a, transposeA)} × ${flag(b, transposeB)}: ${k ?? "no"} columns meet ${k2 ?? "no"} rows`,
    );
  }
  // Many matrices times one are a single tall matrix times it: one large product, and one for b's gradient.
  const flat = b.shape.length === 2 && a.shape.length > 2 && !transposeA;
  const left = flat ? reshape(a, [sizeOf(a.shape) / k, k]) : a;
  const batch = broadcastShapes("matmul", left.shape.slice(0, -2), b.shape.slice(0, -2));
  return reshape(
    product(left, b, transposeA, transposeB, alpha, [
      ...batch,
      lengthOf(left.shape, transposeA ? -1 : -2),
      n,
    ]),
    [...broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n],
  );
}

function product(
  a: Tensor,
  b: Tensor,
  flipA: boolean,
  flipB: boolean,
  alpha: number,
  shape: readonly number[],
): Tensor {
  const y = node(
    "FusedMatMul",
    [a, b],
    { shape, dtype: "float32" },
    {
      domain: microsoft,
      attributes: { transA: Number(flipA), transB: Number(flipB), alpha: { float: alpha } },
    },
  );
  const times = (p: Tensor, q: Tensor, transposeA: boolean, transposeB: boolean, like: Tensor): Tensor =>
    reduceTo(matmul(p, q, { transposeA, transposeB, alpha }), like.shape);
  return derive(
    "matmul",
    y,
    [a, b],
    [
      (g) => (flipA ? times(b, g, flipB, true, a) : times(g, b, false, !flipB, a)),
      (g) => (flipB ? times(g, a, true, flipA, b) : times(a, g, !flipA, false, b)),
    ],
  );
}

/** Rows and columns of the last two axes, as the product sees them. */
function matrixOf(x: Tensor, flipped: boolean): readonly [number | undefined, number | undefined] {
  const [rows, columns] = [x.shape.at(-2), x.shape.at(-1)];
  return flipped ? [columns, rows] : [rows, columns];
}
