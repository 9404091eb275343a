import { AutodiffError } from "../errors.ts";
import { broadcastShapes, show } from "../shape.ts";
import type { AnyTensor, DType, Operand, Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { operands, reduceTo } from "./broadcast.ts";
import { derive, node } from "./node.ts";

function compare<D extends DType>(op: string, type: string, a: Operand<D>, b: Operand<D>): Tensor<"bool"> {
  const { a: x, b: y, shape } = operands(op, a, b);
  return node(type, [x, y], { shape, dtype: "bool" });
}

/** a > b, broadcasting. */
export function greater<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<"bool"> {
  return compare("greater", "Greater", a, b);
}

/** a ≥ b, broadcasting. */
export function greaterOrEqual<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<"bool"> {
  return compare("greaterOrEqual", "GreaterOrEqual", a, b);
}

/** a < b, broadcasting. */
export function less<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<"bool"> {
  return compare("less", "Less", a, b);
}

/** a ≤ b, broadcasting. */
export function lessOrEqual<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<"bool"> {
  return compare("lessOrEqual", "LessOrEqual", a, b);
}

/** a = b, broadcasting. */
export function equal<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<"bool"> {
  return compare("equal", "Equal", a, b);
}

/** Both hold, broadcasting. */
export function and(a: Tensor<"bool">, b: Tensor<"bool">): Tensor<"bool"> {
  return compare("and", "And", a, b);
}

/** At least one holds, broadcasting. */
export function or(a: Tensor<"bool">, b: Tensor<"bool">): Tensor<"bool"> {
  return compare("or", "Or", a, b);
}

/** Does not hold. */
export function not(x: Tensor<"bool">): Tensor<"bool"> {
  return node("Not", [x], x);
}

/** a where the condition holds, b elsewhere; all three broadcast. @throws bad-shape, bad-dtype */
export function where<D extends DType>(condition: Tensor<"bool">, a: Operand<D>, b: Operand<D>): Tensor<D> {
  if (condition.dtype !== "bool") {
    throw new AutodiffError("bad-dtype", `where: the condition is ${show(condition)}, not bool`);
  }
  const { a: x, b: y, shape: branches } = operands("where", a, b);
  const shape = broadcastShapes("where", condition.shape, branches);
  const z = node("Where", [condition, x, y], { shape, dtype: x.dtype });
  return derive(
    "where",
    z,
    [x, y],
    [(g) => reduceTo(where(condition, g, 0), x.shape), (g) => reduceTo(where(condition, 0, g), y.shape)],
  );
}

/** Smaller of a and b, broadcasting; the gradient goes to the one taken, to a where they are equal. */
export function minimum<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return extreme("minimum", "Min", lessOrEqual, a, b);
}

/** Larger of a and b, broadcasting; the gradient goes to the one taken, to a where they are equal. */
export function maximum<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return extreme("maximum", "Max", greaterOrEqual, a, b);
}

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return derive("relu", node("Relu", [x], x), [x], [(g) => mul(g, cast(greater(x, 0), "float32"))]);
}

/** x kept within [low, high]; no gradient flows where it was cut. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) throw new AutodiffError("bad-argument", `clip: the bounds are ${low} and ${high}`);
  const y = node("Clip", [x, x.graph.constant(low), x.graph.constant(high)], x);
  return derive("clip", y, [x], [(g) => mul(g, cast(equal(x, y), "float32"))]);
}

/** The same elements as another type; bool becomes 0 and 1. */
export function cast<D extends DType>(x: AnyTensor, dtype: D): Tensor<D> {
  if (x.dtype === dtype) return x as Tensor<D>;
  const to = { float32: 1, int32: 6, int64: 7, bool: 9 }[dtype];
  return node("Cast", [x], { shape: x.shape, dtype }, { attributes: { to } });
}

/** x itself, but no gradient flows through it. */
export function stopGradient(x: Tensor): Tensor {
  return derive("stopGradient", node("Identity", [x], x), [x], [undefined]);
}

function extreme<D extends DType>(
  op: string,
  type: string,
  takesFirst: (a: Tensor<D>, b: Tensor<D>) => Tensor<"bool">,
  a: Operand<D>,
  b: Operand<D>,
): Tensor<D> {
  const { a: x, b: y, shape } = operands(op, a, b);
  const z = node(type, [x, y], { shape, dtype: x.dtype });
  const first = (g: Tensor): Tensor => mul(g, cast(takesFirst(x, y), "float32"));
  return derive(
    op,
    z,
    [x, y],
    [
      (g) => reduceTo(first(g), x.shape),
      (g) => reduceTo(mul(g, cast(not(takesFirst(x, y)), "float32")), y.shape),
    ],
  );
}
