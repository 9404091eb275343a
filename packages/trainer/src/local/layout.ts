import { elements, type Weights } from "../model-files/weights.ts";

/** Where a tensor lies in the flat array. */
export interface Placement {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/**
 * What is trained, one tensor after another in one array. One array makes the optimiser a plain loop and a checkpoint one
 * write.
 */
export interface Layout {
  readonly placements: ReadonlyMap<string, Placement>;
  /** Number of floats. */
  readonly size: number;
}

export function layoutOf(shapes: ReadonlyMap<string, readonly number[]>): Layout {
  const placements = new Map<string, Placement>();
  let offset = 0;
  for (const [name, shape] of shapes) {
    const size = elements(shape);
    placements.set(name, { name, shape, offset, size });
    offset += size;
  }
  return { placements, size: offset };
}

/** A copy of the weights that the layout has a place for. */
export function pack(layout: Layout, weights: Weights): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const { name, offset } of layout.placements.values()) {
    const weight = weights.get(name);
    if (weight !== undefined) flat.set(weight.data, offset);
  }
  return flat;
}

/** The tensors by name, as views of `flat`. */
export function views(layout: Layout, flat: Float32Array): Weights {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, shape, offset, size } of layout.placements.values()) {
    weights.set(name, { shape, data: flat.subarray(offset, offset + size) });
  }
  return weights;
}
