import type { Feeds } from "@rrr/autodiff";
import {
  type Adapter,
  type DecoderConfig,
  loraNames,
  loraScale,
  type Weights,
  weightShapes,
} from "@rrr/trainer";
import { type Layout, layoutOf, type Placement, pack, views } from "@rrr/trainer/local";

type Shapes = ReadonlyMap<string, readonly number[]>;

/** What a graph needs to know of the model's parameters: all of them are its inputs. */
export interface ParameterShapes {
  readonly shapes: Shapes;
  /** Factor of the adapter beside a projection; projections that are not in it have none. */
  readonly scales: ReadonlyMap<string, number>;
  /** What is trained, as graphs read it: see `join`. */
  readonly inputs: Layout;
}

/** The parameters of a model: what graphs are fed, and what of it is trained. The rest is frozen. */
export interface Parameters extends ParameterShapes {
  /** What is trained, as it is named in files. */
  readonly trained: Layout;
  /** What is trained, as `trained` says; the arrays of `feeds` are views of it, so that a step changes both. */
  readonly values: Float32Array;
  readonly feeds: Feeds;
}

/** All weights are trained, in a copy of their own. */
export function fullParameters(config: DecoderConfig, weights: Weights): Parameters {
  const trained = layoutOf(weightShapes(config));
  const inputs = join(trained);
  const shapes = new Map([...inputs.placements].map(([name, { shape }]) => [name, shape]));
  const values = pack(trained, weights);
  return { shapes, scales: new Map(), trained, inputs, values, feeds: arraysOf(views(inputs, values)) };
}

/** Projections of one input, and the name of the one that computes what they do: as families name it whose files have that. */
const JOINED: readonly (readonly [one: string, parts: readonly string[]])[] = [
  ["self_attn.qkv_proj", ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]],
  ["mlp.gate_up_proj", ["mlp.gate_proj", "mlp.up_proj"]],
];

/** The same array, seen so that projections of one input whose weights lie one after another are one: a larger product. */
function join(layout: Layout): Layout {
  const placements = [...layout.placements.values()];
  const seen: Placement[] = [];
  for (let at = 0; at < placements.length; ) {
    const first = placements[at] as Placement;
    const group = JOINED.find(([, [part]]) => first.name.includes(`${part}.`));
    const parts = placements.slice(at, at + (group?.[1].length ?? 1));
    const isWhole = group?.[1].every(
      (part, i) => parts[i]?.name === first.name.replace(group[1][0] ?? "", part),
    );
    if (group === undefined || isWhole !== true) {
      seen.push(first);
      at++;
      continue;
    }
    const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
    seen.push({
      name: first.name.replace(group[1][0] ?? "", group[0]),
      shape: [rows, ...first.shape.slice(1)],
      offset: first.offset,
      size: parts.reduce((sum, { size }) => sum + size, 0),
    });
    at += parts.length;
  }
  return { placements: new Map(seen.map((placement) => [placement.name, placement])), size: layout.size };
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
    inputs: trained,
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
export function feedsWith({ feeds, inputs }: Parameters, values: Float32Array): Parameters["feeds"] {
  return { ...feeds, ...arraysOf(views(inputs, values)) };
}

function arraysOf(weights: Weights): Readonly<Record<string, Float32Array>> {
  return Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
}
