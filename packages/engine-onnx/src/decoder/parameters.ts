import type { DecoderConfig } from "@rrr/trainer";
import { elements, type Weights, weightShapes } from "@rrr/trainer";

/** Where a tensor lies in the flat array. */
export interface Placement {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/**
 * All weights one after another in one array, in the order of `weightShapes`. One array makes the optimiser a plain
 * loop, a checkpoint one write, and lets a graph read neighbours as one matrix: q, k and v projections, stored
 * `[out, in]`, follow each other, and so do gate and up.
 */
export interface Layout {
  readonly placements: ReadonlyMap<string, Placement>;
  /** Number of floats. */
  readonly size: number;
}

export function layoutOf(config: DecoderConfig): Layout {
  const placements = new Map<string, Placement>();
  let offset = 0;
  for (const [name, shape] of weightShapes(config)) {
    const size = elements(shape);
    placements.set(name, { name, shape, offset, size });
    offset += size;
  }
  return { placements, size: offset };
}

/** Copies the weights into `flat`. */
export function pack(layout: Layout, weights: Weights, flat: Float32Array): void {
  for (const { name, offset } of layout.placements.values()) {
    const weight = weights.get(name);
    if (weight !== undefined) flat.set(weight.data, offset);
  }
}

/** The weights by name, as views of `flat`. */
export function views(layout: Layout, flat: Float32Array): Weights {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, shape, offset, size } of layout.placements.values()) {
    weights.set(name, { shape, data: flat.subarray(offset, offset + size) });
  }
  return weights;
}
