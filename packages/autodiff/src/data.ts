import { AutodiffError } from "./errors.ts";
import { show, sizeOf } from "./shape.ts";
import type { DType, Shape, TensorData } from "./tensor.ts";

const constructors = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

/** Whether an array is of the type that holds elements of `dtype`. */
export function holds(data: unknown, dtype: DType): data is TensorData {
  return data instanceof constructors[dtype];
}

/** Name of the array type that holds elements of `dtype`. */
export function arrayName(dtype: DType): string {
  return constructors[dtype].name;
}

/** A new array of zeros. */
export function zeros<D extends DType>(dtype: D, length: number): TensorData<D> {
  return new constructors[dtype](length) as TensorData as TensorData<D>;
}

/** Numbers or an array, as the array that a constant of this type and shape is stored in. @throws bad-argument */
export function toData(
  data: number | readonly number[] | TensorData,
  shape: Shape,
  dtype: DType,
): TensorData {
  const values = typeof data === "number" ? [data] : data;
  if (values.length !== sizeOf(shape)) {
    throw new AutodiffError(
      "bad-argument",
      `constant: ${values.length} elements given for ${show({ shape, dtype })}, which has ${sizeOf(shape)}`,
    );
  }
  if (holds(values, dtype)) return values;
  if (ArrayBuffer.isView(values)) {
    throw new AutodiffError(
      "bad-dtype",
      `constant: a ${values.constructor.name} given for ${show({ shape, dtype })}`,
    );
  }
  return dtype === "int64"
    ? BigInt64Array.from(values as readonly number[], BigInt)
    : constructors[dtype].from(values as readonly number[]);
}
