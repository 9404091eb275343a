import { axisOf, lengthOf, sizeOf } from "../shape.ts";
import type { AnyTensor, Shape, Tensor } from "../tensor.ts";
import { div, mul } from "./arithmetic.ts";
import { broadcastTo } from "./broadcast.ts";
import { cast, equal } from "./compare.ts";
import { checkFloat, derive, integers, node } from "./node.ts";
import { reshape } from "./shape.ts";

/** Along which axes to reduce (default: all), and whether to keep them with length 1. */
export interface ReduceOptions {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}

/** Sum of the elements. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, kept, shape } = reduction("sum", x, options);
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(x, shape);
  const y = reduced("ReduceSum", x, axes, kept);
  derive("sum", y, [x], [(g) => broadcastTo(g, x.shape)]);
  return reshape(y, shape);
}

/** Mean of the elements. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const total = sum(x, options);
  return mul(total, sizeOf(total.shape) / sizeOf(x.shape));
}

/** Largest of the elements; elements that tie for it share its gradient equally. */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, kept, shape } = reduction("max", x, options);
  const y = reduced("ReduceMax", x, axes, kept);
  derive(
    "max",
    y,
    [x],
    [
      (g) => {
        const ties = cast(equal(x, y), "float32");
        return mul(ties, div(g, sum(ties, { axes, keepDims: true })));
      },
    ],
  );
  return reshape(y, shape);
}

/** Position of the largest element along an axis, the first of equals. No gradient. */
export function argMax(x: AnyTensor, axis = -1): Tensor<"int64"> {
  const along = axisOf("argMax", x.shape, axis);
  return node(
    "ArgMax",
    [x],
    { shape: x.shape.toSpliced(along, 1), dtype: "int64" },
    {
      attributes: { axis: along, keepdims: 0 },
    },
  );
}

/** Running sum along an axis. No gradient. */
export function cumSum(x: Tensor, axis: number): Tensor {
  const along = axisOf("cumSum", x.shape, axis);
  return node("CumSum", [x, x.graph.constant(along, [], "int64")], x);
}

function reduced(type: string, x: Tensor, axes: readonly number[], shape: Shape): Tensor {
  return node(type, [x, integers(x.graph, axes)], { shape, dtype: x.dtype }, { attributes: { keepdims: 1 } });
}

/** Axes from the start, the shape with them at length 1, and the shape asked for. */
function reduction(
  op: string,
  x: Tensor,
  options: ReduceOptions,
): { readonly axes: readonly number[]; readonly kept: Shape; readonly shape: Shape } {
  checkFloat(op, x);
  const axes = (options.axes ?? [...x.shape.keys()])
    .map((axis) => axisOf(op, x.shape, axis))
    .sort((a, b) => a - b);
  const kept = x.shape.map((_, axis) => (axes.includes(axis) ? 1 : lengthOf(x.shape, axis)));
  return {
    axes,
    kept,
    shape: options.keepDims === true ? kept : x.shape.filter((_, axis) => !axes.includes(axis)),
  };
}
