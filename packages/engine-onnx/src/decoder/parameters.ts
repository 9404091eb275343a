import {
  type Adapter,
  type DecoderConfig,
  loraNames,
  loraScale,
  type Weights,
  weightShapes,
} from "@rrr/trainer";
import { type Layout, layoutOf, pack, views } from "@rrr/trainer/local";

type Shapes = ReadonlyMap<string, readonly number[]>;

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
  const values = pack(trained, weights);
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
  const values = pack(trained, start);
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

function arraysOf(weights: Weights): Readonly<Record<string, Float32Array>> {
  return Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
}
