import { AutodiffError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { checkFloat, derive, node } from "./node.ts";

/** One ONNX node, element by element; `slope` gives the gradient from that of the result, the operand and the result. */
function elementwise(
  op: string,
  type: string,
  x: Tensor,
  slope: (gradient: Tensor, x: Tensor, y: Tensor) => Tensor,
): Tensor {
  checkFloat(op, x);
  const y = node(type, [x], x);
  return derive(op, y, [x], [(g) => slope(g, x, y)]);
}

/** |x|; the gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return elementwise("abs", "Abs", x, (g) => mul(g, node("Sign", [x], x)));
}

/** eˣ. */
export function exp(x: Tensor): Tensor {
  return elementwise("exp", "Exp", x, (g, _, y) => mul(g, y));
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
  return elementwise("log", "Log", x, (g) => mul(g, reciprocal(x)));
}

/** √x. */
export function sqrt(x: Tensor): Tensor {
  return elementwise("sqrt", "Sqrt", x, (g, _, y) => mul(g, mul(reciprocal(y), 0.5)));
}

/** 1/x. */
export function reciprocal(x: Tensor): Tensor {
  return elementwise("reciprocal", "Reciprocal", x, (g, _, y) => mul(g, mul(square(y), -1)));
}

/** 1/√x. */
export function rsqrt(x: Tensor): Tensor {
  return reciprocal(sqrt(x));
}

/** x². */
export function square(x: Tensor): Tensor {
  checkFloat("square", x);
  return derive("square", node("Mul", [x, x], x), [x], [(g) => mul(mul(g, 2), x)]);
}

/** xᵖ for a fixed p. @throws bad-argument when p is not finite */
export function pow(x: Tensor, exponent: number): Tensor {
  checkFloat("pow", x);
  if (!Number.isFinite(exponent)) throw new AutodiffError("bad-argument", `pow: the exponent is ${exponent}`);
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  const y = node("Pow", [x, x.graph.constant(exponent)], x);
  return derive("pow", y, [x], [(g) => mul(g, mul(pow(x, exponent - 1), exponent))]);
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(x: Tensor): Tensor {
  return elementwise("sigmoid", "Sigmoid", x, (g, _, y) => mul(g, sub(y, square(y))));
}

/** Hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return elementwise("tanh", "Tanh", x, (g, _, y) => mul(g, sub(1, square(y))));
}
