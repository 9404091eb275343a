import {
  abs,
  add,
  createGraph,
  type Graph,
  max,
  mul,
  reciprocal,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@rrr/autodiff";
import type { AdamSettings } from "@rrr/trainer";
import { adamSettings, type Layout } from "@rrr/trainer/local";

/** Sum of the squares of all gradients, which are the inputs. */
export function squaresGraph({ placements }: Layout): { readonly squares: Tensor } {
  const graph = createGraph();
  const parts = [...placements].map(([name, { shape }]) => sum(square(graph.input(name, shape))));
  return { squares: parts.reduce((total, part) => add(total, part)) };
}

/** Numbers that differ from step to step: inputs of the graph below. */
export type AdamScalars = Readonly<Record<(typeof scalarNames)[number], Float32Array>>;

const scalarNames = [
  "scale",
  "kept",
  "rate",
  "correction",
  "epsilon",
  "beta1",
  "beta2",
  "rest1",
  "rest2",
] as const;

/**
 * AdamW on one tensor, as `adamStep` of the trainer does it, but in float32 throughout.
 * `largest` is the largest absolute value that a weight now has, and `squares` the sum of all their squares: a GPU may
 * overlook what is no number in the one, but hardly in the other.
 */
export function adamGraph(shape: readonly number[]): {
  readonly signs: { readonly largest: Tensor; readonly squares: Tensor };
  readonly next: Readonly<Record<`next ${"weight" | "mean" | "square"}`, Tensor>>;
} {
  const graph = createGraph();
  const scalars = Object.fromEntries(scalarNames.map((name) => [name, scalar(graph, name)])) as Readonly<
    Record<(typeof scalarNames)[number], Tensor>
  >;
  const weight = graph.input("weight", shape);
  const g = mul(graph.input("gradient", shape), scalars.scale);
  const mean = add(mul(graph.input("mean", shape), scalars.beta1), mul(g, scalars.rest1));
  const squares = add(mul(graph.input("square", shape), scalars.beta2), mul(square(g), scalars.rest2));
  const divisor = add(sqrt(mul(squares, scalars.correction)), scalars.epsilon);
  const next = sub(mul(weight, scalars.kept), mul(mul(mean, scalars.rate), reciprocal(divisor)));
  return {
    signs: { largest: max(abs(next)), squares: sum(square(next)) },
    next: { "next weight": next, "next mean": mean, "next square": squares },
  };
}

function scalar(graph: Graph, name: string): Tensor {
  return graph.input(name, [1]);
}

/** @param step that this one is, from 1 on. @param decays whether the tensor's weights decay */
export function adamScalars(
  settings: AdamSettings,
  step: number,
  norm: number,
  decays: boolean,
): AdamScalars {
  const { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm } = adamSettings(settings);
  const one = (value: number): Float32Array => Float32Array.of(value);
  return {
    scale: one(maxGradNorm > 0 && norm > maxGradNorm ? maxGradNorm / norm : 1),
    kept: one(decays ? 1 - learningRate * weightDecay : 1),
    rate: one(learningRate / (1 - beta1 ** step)),
    correction: one(1 / (1 - beta2 ** step)),
    epsilon: one(epsilon),
    beta1: one(beta1),
    beta2: one(beta2),
    rest1: one(1 - beta1),
    rest2: one(1 - beta2),
  };
}
