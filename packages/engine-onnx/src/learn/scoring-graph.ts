import {
  add,
  and,
  concat,
  createGraph,
  differentiable,
  equal,
  type Graph,
  gather,
  gradients,
  lessOrEqual,
  logSoftmax,
  or,
  pick,
  reshape,
  type Tensor,
  where,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { type Attend, decode, guarded, logits, type WeightInputs, weightInputs } from "../decoder/decoder.ts";
import type { ParameterShapes } from "../decoder/parameters.ts";
import { rowAttention } from "../decoder/row-attention.ts";
import { entropyTerm, tokenLosses, totalLoss } from "./loss.ts";
import type { BatchShape } from "./packing.ts";
import { trunkBranch } from "./prefix-trees.ts";
import { type CompiledLoss, entropyBonus } from "./split-loss.ts";

/** Outputs of the graph that scores a packed batch: log-probabilities of the labels, nats, `[slots]`. */
export function scoringGraph(
  config: DecoderConfig,
  parameters: ParameterShapes,
  shape: BatchShape,
): { logprobs: Tensor } {
  const graph = createGraph();
  const { hidden, logprobs } = labelLogprobs(graph, config, weightInputs(graph, parameters), shape);
  return { logprobs: guarded(hidden, logprobs) };
}

/**
 * Outputs of the graph that differentiates: besides, the loss, and `entropies` in nats, `[slots]`, where the loss has a bonus
 * for them. Of each parameter that is trained, the gradient is added to the sum of those before it: an input.
 */
export function trainingGraph(
  config: DecoderConfig,
  parameters: ParameterShapes,
  shape: BatchShape,
  loss: CompiledLoss,
): Readonly<Record<string, Tensor>> {
  const graph = createGraph();
  const weight = weightInputs(graph, parameters);
  const { logprobs, distributions } = labelLogprobs(graph, config, weight, shape);
  const summed = totalLoss(graph, tokenLosses(graph, logprobs, loss));
  const coefficient = entropyBonus(loss);
  const bonus = coefficient === undefined ? undefined : entropyTerm(graph, distributions, coefficient);
  const total = bonus === undefined ? summed : add(summed, bonus.term);
  const names = [...parameters.inputs.placements.keys()];
  const slopes = gradients(total, names.map(weight));
  return Object.fromEntries([
    ["loss", total],
    ["logprobs", logprobs],
    ...(bonus === undefined ? [] : [["entropies", bonus.entropies] as const]),
    ...names.map((name, index) => {
      const slope = slopes[index] as Tensor;
      return [gradientName(name), add(graph.input(sumName(name), slope.shape), slope)] as const;
    }),
  ]);
}

/** Name of the output that holds the gradient of a weight, summed. */
export function gradientName(weight: string): string {
  return `gradient of ${weight}`;
}

/** Name of the input that holds what it is added to. */
export function sumName(weight: string): string {
  return `sum of ${weight}`;
}

function labelLogprobs(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  shape: BatchShape,
): { readonly hidden: Tensor; readonly logprobs: Tensor; readonly distributions: Tensor } {
  const { rows, length, slots } = shape;
  const tokens = graph.input("tokens", [rows * length], "int32");
  const hidden = decode(config, weight, tokens, treeAttention(graph, config, weight, shape));
  const positions = graph.input("positions", [slots], "int32");
  const slotOf = graph.input("slotOf", [rows * length], "int32");
  const labels = graph.input("labels", [slots], "int32");
  // Only what is scored meets the vocabulary, which costs as much as a layer.
  const scored = select(hidden, positions, slotOf);
  const distributions = logSoftmax(logits(config, weight, scored));
  return { hidden: scored, logprobs: pick(distributions, labels), distributions };
}

/** Rows of x. Since no row is wanted twice, the gradient is a selection too: of rows of the gradient, or of zeros. */
function select(x: Tensor, rows: Tensor<"int32">, slotOf: Tensor<"int32">): Tensor {
  const y = gather(x, rows);
  const zeros = x.graph.constant(new Float32Array(x.shape[1] ?? 0), [1, x.shape[1] ?? 0]);
  differentiable("select", [y], [x], [(g) => gather(concat([g, zeros], 0), slotOf)]);
  return y;
}

/** In rows of up to so many tokens, blocks that skip keys nobody sees save no time. */
const shortRow = 256;

/**
 * Causal attention within each tree of a row: a token sees the trunk and its own branch as far as they are before it. See
 * prefix-trees.ts.
 */
function treeAttention(graph: Graph, config: DecoderConfig, weight: WeightInputs, shape: BatchShape): Attend {
  const { rows, length } = shape;
  const ofQueries = (x: Tensor<"int32">) => reshape(x, [rows, 1, length, 1]);
  const ofKeys = (x: Tensor<"int32">) => reshape(x, [rows, 1, 1, length]);
  const columns = graph.constant(
    Int32Array.from({ length }, (_, i) => i),
    [length],
    "int32",
  );
  const before = lessOrEqual(reshape(columns, [1, 1, 1, length]), reshape(columns, [1, 1, length, 1]));
  const trees = graph.input("trees", [rows * length], "int32");
  const branches = graph.input("branches", [rows * length], "int32");
  const onTheWay = or(equal(ofKeys(branches), trunkBranch), equal(ofQueries(branches), ofKeys(branches)));
  const visible = and(and(equal(ofQueries(trees), ofKeys(trees)), onTheWay), before);
  const mask = where(visible, graph.constant(0), graph.constant(-1e9));
  const positions = graph.input("depths", [rows, length], "int64");
  return rowAttention(
    graph,
    config,
    weight,
    { rows, length },
    { causal: length > shortRow, mask, positions },
  );
}
