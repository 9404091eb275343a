import { AutodiffError } from "../errors.ts";
import { axisOf, lengthOf, sameShape, show, sizeOf } from "../shape.ts";
import type { DType, Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { broadcastTo } from "./broadcast.ts";
import { matmul } from "./matmul.ts";
import { checkIndex, derive, node } from "./node.ts";
import { reshape } from "./shape.ts";

/** Integer tensors can index. */
export type Index = Tensor<"int32"> | Tensor<"int64">;

/**
 * Rows of a table: ids [...] of table [n, ...row] give [...ids, ...row]. What an embedding is.
 * @throws bad-dtype, bad-shape
 */
export function gather<D extends DType>(table: Tensor<D>, ids: Index): Tensor<D> {
  checkIndex("gather", ids);
  const [rows, ...row] = table.shape;
  if (rows === undefined) throw new AutodiffError("bad-shape", "gather: a scalar has no rows");
  const y = node(
    "Gather",
    [table, ids],
    { shape: [...ids.shape, ...row], dtype: table.dtype },
    { attributes: { axis: 0 } },
  );
  const scatter = (g: Tensor): Tensor => {
    const count = sizeOf(ids.shape);
    const flat = reshape(g, [count, sizeOf(row)]);
    const hot = oneHot(reshape(ids as Tensor<"int64">, [count]), rows);
    return reshape(matmul(hot, flat, { transposeA: true }), table.shape);
  };
  return derive("gather", y, [table, ids], [scatter, undefined]);
}

/**
 * Along one axis, the elements at the given positions; ids has the rank of x and its lengths on the other axes.
 * @throws bad-dtype, bad-shape
 */
export function gatherElements<D extends DType>(x: Tensor<D>, ids: Index, axis = -1): Tensor<D> {
  checkIndex("gatherElements", ids);
  const along = axisOf("gatherElements", x.shape, axis);
  if (ids.shape.length !== x.shape.length || !sameShape(ids.shape.with(along, 0), x.shape.with(along, 0))) {
    throw new AutodiffError(
      "bad-shape",
      `gatherElements: ${show(ids)} cannot index axis ${axis} of ${show(x)}`,
    );
  }
  const attributes = { axis: along };
  const y = node("GatherElements", [x, ids], { shape: ids.shape, dtype: x.dtype }, { attributes });
  const scatter = (g: Tensor): Tensor => {
    const zeros = broadcastTo(g.graph.constant(0), x.shape);
    return node("ScatterElements", [zeros, ids, g], zeros, {
      attributes: { ...attributes, reduction: "add" },
    });
  };
  return derive("gatherElements", y, [x, ids], [scatter, undefined]);
}

/**
 * One element of the last axis each: x [..., n] at ids [...] gives [...]. Log-probabilities of targets, for one.
 * @throws bad-dtype, bad-shape
 */
export function pick(x: Tensor, ids: Index): Tensor {
  checkIndex("pick", ids);
  if (!sameShape(ids.shape, x.shape.slice(0, -1))) {
    throw new AutodiffError("bad-shape", `pick: ${show(ids)} cannot pick from the last axis of ${show(x)}`);
  }
  const column = reshape(ids as Tensor<"int64">, [...ids.shape, 1]);
  const y = node(
    "GatherElements",
    [x, column],
    { shape: column.shape, dtype: x.dtype },
    { attributes: { axis: -1 } },
  );
  derive("pick", y, [x, column], [(g) => mul(oneHot(ids, lengthOf(x.shape, -1)), g), undefined]);
  return reshape(y, ids.shape);
}

/** 1 at the given position of a new last axis, 0 elsewhere. */
export function oneHot(ids: Index, length: number): Tensor {
  checkIndex("oneHot", ids);
  const { graph } = ids;
  const values = graph.constant([0, 1]);
  const depth = graph.constant([length], [1], ids.dtype as "int64");
  return node("OneHot", [ids, depth, values], { shape: [...ids.shape, length], dtype: "float32" });
}
