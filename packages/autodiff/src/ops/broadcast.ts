import { AutodiffError } from "../errors.ts";
import { nodeOf, scalarOf } from "../graph.ts";
import { broadcastShapes, sameShape, show, showShape } from "../shape.ts";
import type { AnyTensor, DType, Operand, Shape, Tensor } from "../tensor.ts";
import { derive, integers, node } from "./node.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./shape.ts";

/** Repeats a tensor along axes of length 1 (or new leading axes) until it has `shape`. @throws bad-shape */
export function broadcastTo<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape)) {
    throw new AutodiffError("bad-shape", `broadcastTo: ${show(x)} does not broadcast to ${showShape(shape)}`);
  }
  const y = node("Expand", [x, integers(x.graph, shape)], { shape, dtype: x.dtype });
  return derive("broadcastTo", y, [x], [(g) => reduceTo(g, x.shape)]);
}

/** Sums a gradient over the axes along which its operand was repeated. */
export function reduceTo(gradient: Tensor, shape: Shape): Tensor {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < extra || (shape[axis - extra] === 1 && length !== 1) ? [axis] : [],
  );
  return axes.length === 0 ? gradient : reshape(sum(gradient, { axes }), shape);
}

/**
 * Both operands as tensors, with what broadcasting them gives.
 * An operand that was only repeated is taken as it was before, since the operation repeats it anyway.
 * @throws bad-dtype, bad-shape, bad-argument
 */
export function operands<D extends DType>(
  op: string,
  a: Operand<D>,
  b: Operand<D>,
): { readonly a: Tensor<D>; readonly b: Tensor<D>; readonly shape: Shape } {
  const known = typeof a === "number" ? b : a;
  if (typeof known === "number") throw new AutodiffError("bad-argument", `${op}: both operands are numbers`);
  const left = typeof a === "number" ? known.graph.constant(a, [], known.dtype) : a;
  const right = typeof b === "number" ? known.graph.constant(b, [], known.dtype) : b;
  if (left.dtype !== right.dtype) {
    throw new AutodiffError("bad-dtype", `${op}: element types differ: ${show(left)} and ${show(right)}`);
  }
  const shape = broadcastShapes(op, left.shape, right.shape);
  const bare = (tensor: Tensor<D>, other: Tensor<D>): Tensor<D> => {
    const inner = nodeOf(tensor, "Expand")?.inputs[0] as Tensor<D> | undefined;
    return inner !== undefined && sameShape(broadcastShapes(op, inner.shape, other.shape), shape)
      ? inner
      : tensor;
  };
  const a1 = bare(left, right);
  return { a: a1, b: bare(right, a1), shape };
}

/** The number that every element of a tensor has, if that is known. */
export function uniformOf(tensor: AnyTensor): number | undefined {
  return scalarOf(nodeOf(tensor, "Expand")?.inputs[0] ?? tensor);
}
