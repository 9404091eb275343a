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
 * Outputs of the graph that differentiates: besides, the loss and its gradient by the name of each parameter that is
 * trained (of what is frozen there is none), and `entropies` in nats, `[slots]`, where the loss has a bonus for them.
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
  const names = [...parameters.trained.placements.keys()];
  const slopes = gradients(total, names.map(weight));
  return Object.fromEntries([
    ["loss", total],
    ["logprobs", logprobs],
    ...(bonus === undefined ? [] : [["entropies", bonus.entropies] as const]),
    ...names.map((name, index) => [gradientName(name), slopes[index] as Tensor] as const),
  ]);
}

/** Name of the output that holds the gradient of a weight. */
export function gradientName(weight: string): string {
  return `gradient of ${weight}`;
}

function labelLogprobs(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  shape: BatchShape,
): { readonly hidden: Tensor; readonly logprobs: Tensor; readonly distributions: Tensor } {
  const { rows, length, slots } = shape;
  const tokens = graph.input("tokens", [rows * length], "int32");
  const hidden = decode(config, weight, tokens, packedAttention(graph, config, weight, shape));
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

/** Causal attention within each sequence of a row. */
function packedAttention(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightInputs,
  shape: BatchShape,
): Attend {
  const { rows, length } = shape;
  const segments = graph.input("segments", [rows * length], "int32");
  const steps = graph.constant(
    Int32Array.from({ length }, (_, i) => i),
    [length],
    "int32",
  );
  const visible = and(
    equal(reshape(segments, [rows, 1, length, 1]), reshape(segments, [rows, 1, 1, length])),
    lessOrEqual(reshape(steps, [1, 1, 1, length]), reshape(steps, [1, 1, length, 1])),
  );
  const mask = where(visible, graph.constant(0), graph.constant(-1e9));
  return rowAttention(graph, config, weight, { rows, length }, { mask });
}
