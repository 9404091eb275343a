import { type AnyTensor, cast, createGraph, slice, type Tensor, toOnnx } from "@rrr/autodiff";
import type { DecoderConfig, Weights } from "@rrr/trainer";
import { decode, logits, type Product, type WeightInputs } from "../decoder/decoder.ts";
import { openAttention } from "./open-attention.ts";
import { batch, integers, lengthsOf, node, reshape, sequence, total } from "./open-shapes.ts";

/**
 * The decoder as one ONNX file that takes any number of sequences of any length, with its weights inside, under the
 * names that transformers.js and Optimum give to inputs and outputs.
 * `num_logits_to_keep` last tokens of each sequence get logits; 0 means all.
 * @see https://github.com/huggingface/transformers.js/blob/main/packages/transformers/src/models/modeling_utils.js
 */
export function openDecoder(config: DecoderConfig, weights: Weights): Uint8Array {
  const graph = createGraph();
  const constants = new Map<string, Tensor>();
  const constantOf = (name: string): Tensor => {
    const known = constants.get(name);
    if (known !== undefined) return known;
    const found = weights.get(name);
    if (found === undefined) throw new Error(`the model has no weight ${name}`);
    const constant = graph.constant(found.data, found.shape);
    constants.set(name, constant);
    return constant;
  };
  const weight: WeightInputs = Object.assign(constantOf, { has: (name: string) => weights.has(name) });
  const tokens = {
    ids: graph.input("input_ids", [batch, sequence], "int64"),
    mask: graph.input("attention_mask", [batch, total], "int64"),
    positions: graph.input("position_ids", [batch, sequence], "int64"),
  };
  const outputs: Record<string, AnyTensor> = {};
  const openAxes: Record<string, readonly (string | undefined)[]> = {
    input_ids: ["batch_size", "sequence_length"],
    attention_mask: ["batch_size", "total_sequence_length"],
    position_ids: ["batch_size", "sequence_length"],
    logits: ["batch_size", "num_logits", undefined],
  };
  const attend = openAttention(graph, config, weight, tokens, (layer, key, value) => {
    for (const [kind, tensor] of [
      ["key", key],
      ["value", value],
    ] as const) {
      outputs[`present.${layer}.${kind}`] = tensor;
      openAxes[`present.${layer}.${kind}`] = ["batch_size", undefined, "total_sequence_length"];
      openAxes[`past_key_values.${layer}.${kind}`] = ["batch_size", undefined, "past_sequence_length"];
    }
  });
  const ids = reshape(cast(tokens.ids, "int32"), [-1], [batch * sequence]);
  const hidden = decode(config, weight, ids, attend, product);
  const kept = lastOf(hidden, tokens.ids, graph.input("num_logits_to_keep", [], "int64"));
  const scores = logits(config, weight, kept, product);
  const rows = slice(lengthsOf(tokens.ids), 0, 0, 1);
  outputs.logits = reshape(scores, [rows, -1, config.vocabSize], [batch, sequence, config.vocabSize]);
  return toOnnx(outputs, { openAxes });
}

/** A plain ONNX node, which every execution provider has, WebGPU's too. */
const product: Product = (x, weight) =>
  node(
    "Gemm",
    [x, weight],
    { shape: [x.shape[0] as number, weight.shape[0] as number], dtype: "float32" },
    { transB: 1 },
  );

/** The hidden states of the last `count` tokens of each sequence, or of all if that is 0; `[n, hiddenSize]` */
function lastOf(hidden: Tensor, ids: Tensor<"int64">, count: Tensor<"int64">): Tensor {
  const width = hidden.shape[1] as number;
  const bySequence = reshape(hidden, [lengthsOf(ids), width], [batch, sequence, width]);
  const start = node("Neg", [reshape(count, [1], [1])], { shape: [1], dtype: "int64" });
  // A start of −0 is the beginning.
  const slices = [start, integers(ids, [Number.MAX_SAFE_INTEGER]), integers(ids, [1])] as const;
  return reshape(node("Slice", [bySequence, ...slices], bySequence), [-1, width], hidden.shape);
}
