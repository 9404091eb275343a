import { AutodiffError } from "../errors.ts";
import { sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { checkFloat, derive, microsoft, node } from "./node.ts";
import { sigmoid } from "./unary.ts";

/** x · sigmoid(x), also called swish. */
export function silu(x: Tensor): Tensor {
  checkFloat("silu", x);
  // With y = x·s: y′ = s + y·(1 − s) = y + s·(1 − y).
  const slope = (): Tensor => {
    const s = sigmoid(x);
    return add(y, mul(s, sub(1, y)));
  };
  const y = quickGelu(x);
  return derive("silu", y, [x], [(g) => mul(g, slope())]);
}

/** silu(gate) · up: the gated unit of SwiGLU networks. Its gradient takes fewer passes than that of the two parts. */
export function swiglu(gate: Tensor, up: Tensor): Tensor {
  checkFloat("swiglu", gate, up);
  if (!sameShape(gate.shape, up.shape)) {
    throw new AutodiffError("bad-shape", `swiglu: the gate is ${show(gate)}, the other operand ${show(up)}`);
  }
  const y = quickGelu(gate);
  const h = node("Mul", [y, up], gate);
  // d gate = g · up · (y + s·(1 − y)) = g · (h + s·(up − h))
  const slope = (): Tensor => add(h, mul(sigmoid(gate), sub(up, h)));
  return derive("swiglu", h, [gate, up], [(g) => mul(g, slope()), (g) => mul(g, y)]);
}

/** onnxruntime's fused x · sigmoid(αx): one pass over memory where two nodes would take two. */
function quickGelu(x: Tensor): Tensor {
  return node("QuickGelu", [x], x, { domain: microsoft, attributes: { alpha: { float: 1 } } });
}
