import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { checkFloat, derive, node } from "./node.ts";
import { sum } from "./reduce.ts";
import { exp } from "./unary.ts";

const last = { axes: [-1], keepDims: true };

/** eˣ / Σ eˣ along the last axis. */
export function softmax(x: Tensor): Tensor {
  checkFloat("softmax", x);
  const y = node("Softmax", [x], x, { attributes: { axis: -1 } });
  return derive("softmax", y, [x], [(g) => mul(sub(g, sum(mul(g, y), last)), y)]);
}

/** x − log Σ eˣ along the last axis: logits to log-probabilities in nats. */
export function logSoftmax(x: Tensor): Tensor {
  checkFloat("logSoftmax", x);
  const y = node("LogSoftmax", [x], x, { attributes: { axis: -1 } });
  return derive("logSoftmax", y, [x], [(g) => sub(g, mul(exp(y), sum(g, last)))]);
}
