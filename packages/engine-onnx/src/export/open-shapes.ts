import { type AnyTensor, concat, type DType, gather, type Shape, type Tensor } from "@rrr/autodiff";

/**
 * Lengths that the graph is built with in place of those that a run brings. All differ, and none is 1, so that no
 * operation takes two of them for the same or one for an axis to repeat.
 */
export const batch = 2;
export const sequence = 3;
export const past = 5;
export const total: number = past + sequence;

/** Whole numbers as ONNX takes shapes, axes and positions. */
export function integers(like: AnyTensor, values: readonly number[]): Tensor<"int64"> {
  return like.graph.constant(values, [values.length], "int64");
}

/** A node with one output. */
export function node<D extends DType>(
  type: string,
  inputs: readonly [AnyTensor, ...AnyTensor[]],
  output: { readonly shape: Shape; readonly dtype: D },
  attributes: Readonly<Record<string, number>> = {},
): Tensor<D> {
  return inputs[0].graph.op(type, inputs, [output], { attributes })[0] as Tensor<D>;
}

/**
 * The same elements in another shape, whose lengths are only known in the run where they are parts of `target`:
 * 0 keeps the length of the same axis, −1 is what is left.
 * @param shape what the target comes to with the lengths above
 */
export function reshape<D extends DType>(
  x: Tensor<D>,
  target: readonly (number | Tensor<"int64">)[],
  shape: Shape,
): Tensor<D> {
  const parts = target.map((part) => (typeof part === "number" ? integers(x, [part]) : part));
  return node("Reshape", [x, concat(parts, 0)], { shape, dtype: x.dtype });
}

/** Lengths of the axes, as numbers in the graph. */
export function lengthsOf(x: AnyTensor): Tensor<"int64"> {
  return node("Shape", [x], { shape: [x.shape.length], dtype: "int64" });
}

/** One number of a vector, as a scalar. */
export function at(x: Tensor<"int64">, index: number): Tensor<"int64"> {
  return gather(x, x.graph.constant(index, [], "int64"));
}

/** Product of the last two axes. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return node("MatMul", [a, b], {
    shape: [...a.shape.slice(0, -1), b.shape.at(-1) as number],
    dtype: "float32",
  });
}
