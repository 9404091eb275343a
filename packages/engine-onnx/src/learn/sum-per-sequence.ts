import { broadcastTo, differentiable, gather, type Tensor } from "@rrr/autodiff";

/**
 * For each element the sum over all elements with the same number. The matrix that does so is symmetric, so the
 * gradient is the same sum of gradients; and it is never made, since long contexts have thousands of elements.
 * @param sequences a number from 0 to below the length for each element
 */
export function sumPerSequence(x: Tensor, sequences: Tensor<"int32">): Tensor {
  const zeros = broadcastTo(x.graph.constant(0), x.shape);
  const [sums] = x.graph.op("ScatterElements", [zeros, sequences, x], [x], {
    attributes: { axis: 0, reduction: "add" },
  });
  const y = gather(sums as Tensor, sequences);
  differentiable("sumPerSequence", [y], [x], [(g) => sumPerSequence(g, sequences)]);
  return y;
}
