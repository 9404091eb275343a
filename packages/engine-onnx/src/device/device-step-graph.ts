import {
  add,
  createGraph,
  equal,
  lessOrEqual,
  matmul,
  reshape,
  softmax,
  type Tensor,
  where,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { decode, guarded, logits, toHeads, weightInputs } from "../decoder/decoder.ts";
import type { ParameterShapes } from "../decoder/parameters.ts";
import { type CacheShape, cacheNames, hidden, rotaryAt, sampled } from "../sample/sampling-graphs.ts";

/**
 * One token for each row, as `stepGraph` does it, with the cache on the device: the key and value of the token read are put
 * where its row's `places` says, and `cache`, the whole of it, is what the next step reads. What a row holds is what stands
 * up to there.
 */
export function deviceStepGraph(
  config: DecoderConfig,
  parameters: ParameterShapes,
  { rows, length }: CacheShape,
): {
  readonly outputs: { readonly token: Tensor<"int32">; readonly logprob: Tensor };
  readonly cache: Readonly<Record<string, Tensor>>;
} {
  const { headDim, numHeads, numKvHeads } = config;
  const graph = createGraph();
  const weight = weightInputs(graph, parameters);
  const places = reshape(graph.input("places", [rows], "int32"), [rows, 1, 1, 1]);
  const columns = graph.constant(
    Int32Array.from({ length }, (_, i) => i),
    [length],
    "int32",
  );
  const isHere = equal(reshape(columns, [1, 1, length, 1]), places);
  const isRead = lessOrEqual(reshape(columns, [1, 1, 1, length]), places);
  const mask = where(isRead, graph.constant(0), graph.constant(hidden));
  const rotate = rotaryAt(graph, config, { rows, length }, 1);
  const group = numHeads / numKvHeads;
  const cache: Record<string, Tensor> = {};
  const written = (name: string, x: Tensor): Tensor => {
    const past = graph.input(`past ${name}`, [rows, numKvHeads, length, headDim]);
    const now = where(isHere, reshape(x, [rows, numKvHeads, 1, headDim]), past);
    cache[name] = now;
    return now;
  };
  const hiddenState = decode(config, weight, graph.input("tokens", [rows], "int32"), (projections, layer) => {
    const { query, key, value } = projections;
    const [keyName, valueName] = cacheNames(layer);
    // Heads that share keys are rows of one matrix.
    const turned = (x: Tensor, kind: "q" | "k"): Tensor =>
      rotate(toHeads(config, weight, x, layer, kind, [1]));
    const q = reshape(turned(query, "q"), [rows, numKvHeads, group, headDim]);
    const k = written(keyName, turned(key, "k"));
    const v = written(valueName, value);
    const scores = matmul(q, k, { transposeB: true, alpha: 1 / Math.sqrt(headDim) });
    return reshape(matmul(softmax(add(scores, mask)), v), [rows, numHeads * headDim]);
  });
  const { token, logprob } = sampled(graph, logits(config, weight, hiddenState));
  return { outputs: { token, logprob: guarded(hiddenState, logprob) }, cache };
}
