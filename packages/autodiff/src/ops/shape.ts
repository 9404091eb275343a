import { differentiable } from "../derivation.ts";
import { AutodiffError } from "../errors.ts";
import { addNode, nodeOf, sourceOf } from "../graph.ts";
import { axisOf, lengthOf, sameShape, show, showShape, sizeOf } from "../shape.ts";
import type { DType, Shape, Tensor, TensorData } from "../tensor.ts";
import { derive, integers, node } from "./node.ts";

/** The same elements in row-major order with another shape; one length may be −1. @throws bad-shape */
export function reshape<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  const rest = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const target = shape.map((length) => (length === -1 ? sizeOf(x.shape) / rest : length));
  if (sizeOf(target) !== sizeOf(x.shape) || !target.every(Number.isInteger)) {
    throw new AutodiffError("bad-shape", `reshape: ${show(x)} does not fit ${showShape(shape)}`);
  }
  if (sameShape(target, x.shape)) return x;
  const source = sourceOf(x);
  if (source.kind === "constant") return x.graph.constant(source.data as TensorData<D>, target, x.dtype);
  // A reshape of a reshape is one reshape, and back again it is none.
  const inner = nodeOf(x, "Reshape")?.inputs[0] as Tensor<D> | undefined;
  if (inner !== undefined) return reshape(inner, target);
  const y = node("Reshape", [x, integers(x.graph, target)], { shape: target, dtype: x.dtype });
  return derive("reshape", y, [x], [(g) => reshape(g, x.shape)]);
}

/** Axis i of the result is axis perm[i] of x. @throws bad-argument */
export function transpose<D extends DType>(x: Tensor<D>, perm: readonly number[]): Tensor<D> {
  if (
    !sameShape(
      [...perm].sort((a, b) => a - b),
      [...x.shape.keys()],
    )
  ) {
    throw new AutodiffError(
      "bad-argument",
      `transpose: [${perm.join(", ")}] does not permute the axes of ${show(x)}`,
    );
  }
  if (perm.every((axis, index) => axis === index)) return x;
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  const inner = nodeOf(x, "Transpose");
  if (inner !== undefined && sameShape(inner.attributes.perm as readonly number[], inverse)) {
    return inner.inputs[0] as Tensor<D>;
  }
  const shape = perm.map((axis) => lengthOf(x.shape, axis));
  const y = node("Transpose", [x], { shape, dtype: x.dtype }, { attributes: { perm } });
  return derive("transpose", y, [x], [(g) => transpose(g, inverse)]);
}

/** Elements start ≤ i < end along one axis; both may count from the end. @throws bad-argument */
export function slice<D extends DType>(x: Tensor<D>, axis: number, start: number, end: number): Tensor<D> {
  const along = axisOf("slice", x.shape, axis);
  const length = lengthOf(x.shape, along);
  const from = start < 0 ? start + length : start;
  const to = end < 0 ? end + length : end;
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= length)) {
    throw new AutodiffError("bad-argument", `slice: ${start} to ${end} along axis ${axis} of ${show(x)}`);
  }
  if (from === 0 && to === length) return x;
  const one = (value: number): Tensor<"int64"> => integers(x.graph, [value]);
  const y = node("Slice", [x, one(from), one(to), one(along)], {
    shape: x.shape.with(along, to - from),
    dtype: x.dtype,
  });
  const pads = [
    ...x.shape.map((_, i) => (i === along ? from : 0)),
    ...x.shape.map((_, i) => (i === along ? length - to : 0)),
  ];
  return derive("slice", y, [x], [(g) => node("Pad", [g, integers(x.graph, pads)], x as Tensor)]);
}

/** Tensors joined along one axis. @throws bad-shape, bad-dtype */
export function concat<D extends DType>(tensors: readonly Tensor<D>[], axis: number): Tensor<D> {
  const [first, ...others] = tensors;
  if (first === undefined) throw new AutodiffError("bad-argument", "concat: no tensors given");
  if (others.length === 0) return first;
  const along = axisOf("concat", first.shape, axis);
  for (const other of others) {
    if (
      other.shape.length !== first.shape.length ||
      other.dtype !== first.dtype ||
      !sameShape(other.shape.with(along, 0), first.shape.with(along, 0))
    ) {
      throw new AutodiffError(
        "bad-shape",
        `concat: ${show(first)} and ${show(other)} differ beside axis ${axis}`,
      );
    }
  }
  const sizes = tensors.map((tensor) => lengthOf(tensor.shape, along));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const y = node(
    "Concat",
    [first, ...others],
    { shape: first.shape.with(along, total), dtype: first.dtype },
    {
      attributes: { axis: along },
    },
  );
  return derive(
    "concat",
    y,
    tensors,
    tensors.map((_, i) => (g) => split(g, along, sizes)[i] as Tensor),
  );
}

/** A tensor cut along one axis into pieces of the given lengths. @throws bad-shape */
export function split<D extends DType>(x: Tensor<D>, axis: number, sizes: readonly number[]): Tensor<D>[] {
  const along = axisOf("split", x.shape, axis);
  if (sizes.reduce((sum, size) => sum + size, 0) !== lengthOf(x.shape, along)) {
    throw new AutodiffError(
      "bad-shape",
      `split: sizes [${sizes.join(", ")}] along axis ${axis} of ${show(x)}`,
    );
  }
  if (sizes.length === 1) return [x];
  const pieces = addNode(
    x.graph,
    { type: "Split", domain: "", inputs: [x, integers(x.graph, sizes)], attributes: { axis: along } },
    sizes.map((size) => ({ shape: x.shape.with(along, size), dtype: x.dtype })),
  ) as Tensor<D>[];
  if (x.dtype === "float32") differentiable("split", pieces as Tensor[], [x], [(...gs) => concat(gs, along)]);
  return pieces;
}
