import type { Graph } from "./graph.ts";

/** Element types a tensor can have. Only float32 carries gradients. */
export type DType = "float32" | "int32" | "int64" | "bool";

/** Lengths of the axes, all known when the graph is built; `[]` is a scalar. */
export type Shape = readonly number[];

/** The JavaScript array that holds the elements of a tensor of type D, row-major. */
export type TensorData<D extends DType = DType> = {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly bool: Uint8Array;
}[D];

/** A value in a graph: what it will be is known, its elements are not until a session runs. */
export interface Tensor<D extends DType = "float32"> {
  readonly graph: Graph;
  /** Number of the tensor in its graph; also its name in the emitted model, if it is no input. */
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: D;
}

/** A tensor of whatever type. */
export type AnyTensor = Tensor<DType>;

/** A tensor, or a number that stands for a scalar constant of the other operand's type. */
export type Operand<D extends DType = "float32"> = Tensor<D> | number;
