import {
  type Adapter,
  type DecoderConfig,
  elements,
  loraNames,
  loraScale,
  type Weights,
  weightShapes,
} from "@rrr/trainer";

type Shapes = ReadonlyMap<string, readonly number[]>;

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

/** What a graph needs to know of the model's parameters: all of them are its inputs. */
export interface ParameterShapes {
  readonly shapes: Shapes;
  /** Factor of the adapter beside a projection; projections that are not in it have none. */
  readonly scales: ReadonlyMap<string, number>;
  readonly trained: Layout;
}

/** The parameters of a model: what graphs are fed, and what of it is trained. The rest is frozen. */
export interface Parameters extends ParameterShapes {
  /** What is trained, as `trained` says; the arrays of `feeds` are views of it, so that a step changes both. */
  readonly values: Float32Array;
  readonly feeds: Readonly<Record<string, Float32Array>>;
}

/** All weights are trained, in a copy of their own. */
export function fullParameters(config: DecoderConfig, weights: Weights): Parameters {
  const shapes = weightShapes(config);
  const trained = layoutOf(shapes);
  const values = new Float32Array(trained.size);
  pack(trained, weights, values);
  return { shapes, scales: new Map(), trained, values, feeds: arraysOf(views(trained, values)) };
}

/** An adapter is trained; the weights stay where they are and as they are, once in memory. */
export function loraParameters(config: DecoderConfig, weights: Weights, adapter: Adapter): Parameters {
  const start: Weights = new Map(
    [...adapter.modules].flatMap(([projection, { a, b }]) => {
      const [nameA, nameB] = loraNames(projection);
      return [[nameA, a] as const, [nameB, b] as const];
    }),
  );
  const own: Shapes = new Map([...start].map(([name, { shape }]) => [name, shape]));
  const trained = layoutOf(own);
  const values = new Float32Array(trained.size);
  pack(trained, start, values);
  return {
    shapes: new Map([...weightShapes(config), ...own]),
    scales: new Map([...adapter.modules].map(([name, module]) => [name, loraScale(module, adapter)])),
    trained,
    values,
    feeds: { ...arraysOf(weights), ...arraysOf(views(trained, values)) },
  };
}

/** The adapter as it is now, in arrays of its own or in those of `values`. @param opened what it was made from */
export function adapterOf({ trained }: Parameters, values: Float32Array, opened: Adapter): Adapter {
  const now = views(trained, values);
  const modules = [...opened.modules].map(([projection, { alpha, a, b }]) => {
    const [nameA, nameB] = loraNames(projection);
    return [projection, { alpha, a: now.get(nameA) ?? a, b: now.get(nameB) ?? b }] as const;
  });
  return { ...opened, modules: new Map(modules) };
}

/** What graphs are fed where what is trained has other values. */
export function feedsWith({ feeds, trained }: Parameters, values: Float32Array): Parameters["feeds"] {
  return { ...feeds, ...arraysOf(views(trained, values)) };
}

function layoutOf(shapes: Shapes): Layout {
  const placements = new Map<string, Placement>();
  let offset = 0;
  for (const [name, shape] of shapes) {
    const size = elements(shape);
    placements.set(name, { name, shape, offset, size });
    offset += size;
  }
  return { placements, size: offset };
}

function pack(layout: Layout, weights: Weights, flat: Float32Array): void {
  for (const { name, offset } of layout.placements.values()) {
    const weight = weights.get(name);
    if (weight !== undefined) flat.set(weight.data, offset);
  }
}

/** The tensors by name, as views of `flat`. */
export function views(layout: Layout, flat: Float32Array): Weights {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, shape, offset, size } of layout.placements.values()) {
    weights.set(name, { shape, data: flat.subarray(offset, offset + size) });
  }
  return weights;
}

function arraysOf(weights: Weights): Readonly<Record<string, Float32Array>> {
  return Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
}
