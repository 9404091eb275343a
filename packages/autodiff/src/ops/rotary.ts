import { AutodiffError } from "../errors.ts";
import { lengthOf, sameShape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { checkFloat, derive, integers, microsoft, node } from "./node.ts";
import { reshape } from "./shape.ts";

/**
 * Rotary position embedding of x [..., t, d] by cos and sin [t, d/2]: pairs (i, i + d/2) of the last axis are
 * rotated, as Hugging Face's models do. No gradient flows to the angles.
 * @param positions of x [batch, heads, t, d] the row of cos and sin [n ≥ t, d/2] for each of a batch's vectors, [batch, t];
 *   without them vector i has row i
 * @throws bad-shape
 * @see https://arxiv.org/abs/2104.09864
 */
export function rotary(x: Tensor, cos: Tensor, sin: Tensor, positions?: Tensor<"int64">): Tensor {
  checkFloat("rotary", x, cos, sin);
  const [length, width] = [x.shape.at(-2) ?? 0, x.shape.at(-1) ?? 0];
  if (positions !== undefined) {
    const [rows = 0, half] = cos.shape;
    const fits =
      x.shape.length === 4 &&
      sameShape(positions.shape, [x.shape[0] ?? 0, length]) &&
      cos.shape.length === 2 &&
      sameShape(sin.shape, cos.shape);
    if (!fits || rows < length || half !== width / 2) {
      throw new AutodiffError(
        "bad-shape",
        `rotary: ${show(x)} and positions ${show(positions)} do not fit cos ${show(cos)} and sin ${show(sin)}`,
      );
    }
    return turn(x, cos, sin, positions);
  }
  if (!sameShape(cos.shape, [length, width / 2]) || !sameShape(sin.shape, cos.shape)) {
    throw new AutodiffError(
      "bad-shape",
      `rotary: ${show(x)} needs cos and sin of shape [${length}, ${width / 2}], got ${show(cos)} and ${show(sin)}`,
    );
  }
  const flat = reshape(x, [1, sizeOf(x.shape) / (length * lengthOf(x.shape, -1)), length, width]);
  // From position 0 on.
  return reshape(turn(flat, cos, sin, integers(x.graph, [0])), x.shape);
}

/** Rotations are orthogonal: the gradient is rotated back. */
function turn(x: Tensor, cos: Tensor, sin: Tensor, positions: Tensor<"int64">): Tensor {
  const rotated = (y: Tensor, sines: Tensor): Tensor =>
    node("RotaryEmbedding", [y, positions, cos, sines], y, { domain: microsoft });
  return derive("rotary", rotated(x, sin), [x], [(g) => rotated(g, mul(sin, -1))]);
}
