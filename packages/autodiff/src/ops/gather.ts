import { AutodiffError } from "../errors.ts";
import { axisOf, sameShape, show, sizeOf } from "../shape.ts";
import type { DType, Shape, Tensor } from "../tensor.ts";
import { broadcastTo } from "./broadcast.ts";
import { matmul } from "./matmul.ts";
import { checkIndex, derive, node } from "./node.ts";
import { reshape } from "./shape.ts";

/** Up to this many rows, a product with one-hot vectors sums gradients faster than a scatter does. */
const oneHotRows = 256;

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
    const [count, width] = [sizeOf(ids.shape), sizeOf(row)];
    const [column, updates] = [reshape(ids as Tensor<"int64">, [count, 1]), reshape(g, [count, width])];
    const sums =
      rows <= oneHotRows
        ? matmul(oneHot(reshape(column, [count]), rows), updates, { transposeA: true })
        : scatterAdd([rows, width], broadcastTo(column, [count, width]), updates, 0);
    return reshape(sums, table.shape);
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
  const y = node(
    "GatherElements",
    [x, ids],
    { shape: ids.shape, dtype: x.dtype },
    { attributes: { axis: along } },
  );
  return derive(
    "gatherElements",
    y,
    [x, ids],
    [(g) => scatterAdd(x.shape, ids as Tensor<"int64">, g, along), undefined],
  );
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
  return reshape(gatherElements(x, reshape(ids as Tensor<"int64">, [...ids.shape, 1])), ids.shape);
}

/** 1 at the given position of a new last axis, 0 elsewhere. */
export function oneHot(ids: Index, length: number): Tensor {
  checkIndex("oneHot", ids);
  const { graph } = ids;
  const values = graph.constant([0, 1]);
  const depth = graph.constant([length], [1], ids.dtype as "int64");
  return node("OneHot", [ids, depth, values], { shape: [...ids.shape, length], dtype: "float32" });
}

/**
 * Zeros of a shape with updates added at positions along one axis. Not ScatterND, which is ten times faster but
 * lets its threads race for rows that come twice.
 */
function scatterAdd(shape: Shape, ids: Tensor<"int64">, updates: Tensor, axis: number): Tensor {
  const zeros = broadcastTo(updates.graph.constant(0), shape);
  return node("ScatterElements", [zeros, ids, updates], zeros, { attributes: { axis, reduction: "add" } });
}
