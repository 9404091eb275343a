import { AutodiffError } from "./errors.ts";
import type { AnyTensor, Shape } from "./tensor.ts";

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** As messages show it: `float32[4, 8]`. */
export function show(tensor: Pick<AnyTensor, "shape" | "dtype">): string {
  return `${tensor.dtype}${showShape(tensor.shape)}`;
}

/** As messages show it: `[4, 8]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** The axis counted from the start. @throws bad-argument */
export function axisOf(op: string, shape: Shape, axis: number): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= shape.length) {
    throw new AutodiffError("bad-argument", `${op}: axis ${axis} of a tensor of shape ${showShape(shape)}`);
  }
  return resolved;
}

/** Length of one axis of a shape, counted from the end when negative. */
export function lengthOf(shape: Shape, axis: number): number {
  return shape.at(axis) as number;
}

/** NumPy's broadcasting rule. @throws bad-shape */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new AutodiffError(
        "bad-shape",
        `${op}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast (axis ${axis - rank}: ${left} and ${right})`,
      );
    }
    return left === 1 ? right : left;
  });
}

/** @throws bad-shape when a length is no non-negative integer */
export function checkShape(op: string, shape: Shape): void {
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new AutodiffError("bad-shape", `${op}: ${showShape(shape)} is no shape`);
  }
}
