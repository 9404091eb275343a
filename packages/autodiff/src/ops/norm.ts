import { AutodiffError } from "../errors.ts";
import { addNode } from "../graph.ts";
import { sameShape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { checkFloat, derive } from "./node.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./shape.ts";

/**
 * Root-mean-square normalisation along the last axis: x / √(mean(x²) + epsilon) · scale.
 * @throws bad-shape when scale is not as long as that axis
 * @see https://arxiv.org/abs/1910.07467
 */
export function rmsNorm(x: Tensor, scale: Tensor, epsilon: number): Tensor {
  checkFloat("rmsNorm", x, scale);
  const width = x.shape.at(-1) ?? 0;
  if (!sameShape(scale.shape, [width])) {
    throw new AutodiffError(
      "bad-shape",
      `rmsNorm: ${show(x)} needs a scale of shape [${width}], got ${show(scale)}`,
    );
  }
  const rows = sizeOf(x.shape) / width;
  const flat = reshape(x, [rows, width]);
  const [y, inverse] = addNode(
    x.graph,
    {
      type: "SimplifiedLayerNormalization",
      domain: "",
      inputs: [flat, scale],
      attributes: { axis: -1, epsilon: { float: epsilon }, stash_type: 1 },
    },
    [flat, { shape: [rows, 1], dtype: "float32" }],
  ) as [Tensor, Tensor];

  // With r = 1/rms: dx = r·s·g − x·r³·mean(s·g·x) and ds = Σ g·x·r.
  derive(
    "rmsNorm",
    y,
    [flat, scale],
    [
      (g) => {
        const cube = mul(inverse, mul(inverse, inverse));
        const weight = matmul(mul(g, flat), reshape(scale, [width, 1]), { alpha: 1 / width });
        return sub(mul(mul(g, scale), inverse), mul(flat, mul(weight, cube)));
      },
      (g) => sum(mul(mul(g, flat), inverse), { axes: [0] }),
    ],
  );
  return reshape(y, x.shape);
}
