import { AutodiffError } from "../errors.ts";
import { lengthOf, sameShape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { checkFloat, derive, integers, microsoft, node } from "./node.ts";
import { reshape } from "./shape.ts";

/**
 * Rotary position embedding of x [..., t, d] by cos and sin [t, d/2]: pairs (i, i + d/2) of the last axis are
 * rotated, as Hugging Face's models do. No gradient flows to the angles.
 * @throws bad-shape
 * @see https://arxiv.org/abs/2104.09864
 */
export function rotary(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  checkFloat("rotary", x, cos, sin);
  const [positions, width] = [x.shape.at(-2) ?? 0, x.shape.at(-1) ?? 0];
  if (!sameShape(cos.shape, [positions, width / 2]) || !sameShape(sin.shape, cos.shape)) {
    throw new AutodiffError(
      "bad-shape",
      `rotary: ${show(x)} needs cos and sin of shape [${positions}, ${width / 2}], got ${show(cos)} and ${show(sin)}`,
    );
  }
  const flat = reshape(x, [1, sizeOf(x.shape) / (positions * lengthOf(x.shape, -1)), positions, width]);
  const y = rotate(flat, cos, sin);
  // Rotations are orthogonal: the gradient is rotated back.
  derive("rotary", y, [flat], [(g) => rotate(g, cos, mul(sin, -1))]);
  return reshape(y, x.shape);
}

function rotate(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  return node("RotaryEmbedding", [x, integers(x.graph, [0]), cos, sin], x, { domain: microsoft });
}
