import { differentiable, type Pullback } from "../derivation.ts";
import { AutodiffError } from "../errors.ts";
import { type Attributes, addNode } from "../graph.ts";
import { show } from "../shape.ts";
import type { AnyTensor, DType, Shape, Tensor } from "../tensor.ts";

/** Domain of onnxruntime's own operators. @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md */
export const microsoft = "com.microsoft";

/** A node with one output. */
export function node<D extends DType>(
  type: string,
  inputs: readonly [AnyTensor, ...(AnyTensor | undefined)[]],
  output: { readonly shape: Shape; readonly dtype: D },
  options: { readonly domain?: string; readonly attributes?: Attributes } = {},
): Tensor<D> {
  const { domain = "", attributes = {} } = options;
  return addNode(inputs[0].graph, { type, domain, inputs, attributes }, [output])[0] as Tensor<D>;
}

/** Declares the gradient of a single float output; other types have none and pass unchanged. */
export function derive<D extends DType>(
  op: string,
  output: Tensor<D>,
  operands: readonly AnyTensor[],
  pullbacks: readonly (Pullback | undefined)[],
): Tensor<D> {
  if (output.dtype === "float32") differentiable(op, [output as Tensor], operands, pullbacks);
  return output;
}

/** A constant vector of whole numbers, as operators take axes, sizes and positions. */
export function integers(graph: Tensor["graph"], values: readonly number[]): Tensor<"int64"> {
  return graph.constant(values, [values.length], "int64");
}

/** @throws bad-dtype */
export function checkFloat(op: string, ...tensors: readonly AnyTensor[]): void {
  if (tensors.some((tensor) => tensor.dtype !== "float32")) {
    throw new AutodiffError("bad-dtype", `${op}: takes float32, got ${tensors.map(show).join(", ")}`);
  }
}

/** @throws bad-dtype */
export function checkIndex(op: string, ids: AnyTensor): void {
  if (ids.dtype !== "int32" && ids.dtype !== "int64") {
    throw new AutodiffError("bad-dtype", `${op}: indices are int32 or int64, got ${show(ids)}`);
  }
}
