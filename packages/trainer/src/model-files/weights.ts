import { deriveKey, RrrError, uniformAt } from "@rrr/core";
import type { DecoderConfig, Projection } from "./config.ts";
import { familyOf } from "./families.ts";
import { show } from "./show.ts";
import { hintFor } from "./weight-names.ts";

/** Row-major; `data.length` is the product of `shape`. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** By Hugging Face name; projections are stored `[out, in]`. */
export type Weights = ReadonlyMap<string, Weight>;

/** Every tensor of a model, in Hugging Face's names and shapes. */
export function weightShapes(config: DecoderConfig): Map<string, readonly number[]> {
  const { hiddenSize: width, headDim, vocabSize, biases = [] } = config;
  const { headNorm, fused } = familyOf(config);
  const projections = fused ? fusedProjections(config) : ownProjections(config);
  const shapes = new Map<string, readonly number[]>([["model.embed_tokens.weight", [vocabSize, width]]]);
  for (let layer = 0; layer < config.numLayers; layer++) {
    const add = (name: string, ...shape: number[]) => shapes.set(`model.layers.${layer}.${name}`, shape);
    const addAll = (part: "self_attn" | "mlp") => {
      const own = projections.filter(([name]) => name.startsWith(part));
      for (const [name, outputs, inputs] of own) add(`${name}.weight`, outputs, inputs);
      for (const [name, outputs] of own)
        if (biases.includes(name as Projection)) add(`${name}.bias`, outputs);
    };
    add("input_layernorm.weight", width);
    addAll("self_attn");
    if (headNorm) {
      add("self_attn.q_norm.weight", headDim);
      add("self_attn.k_norm.weight", headDim);
    }
    add("post_attention_layernorm.weight", width);
    addAll("mlp");
  }
  shapes.set("model.norm.weight", [width]);
  if (!config.tieWordEmbeddings) shapes.set("lm_head.weight", [vocabSize, width]);
  return shapes;
}

type Linear = readonly [name: string, outputs: number, inputs: number];

function ownProjections({
  hiddenSize: width,
  intermediateSize: inner,
  numHeads,
  numKvHeads,
  headDim,
}: DecoderConfig): readonly Linear[] {
  return [
    ["self_attn.q_proj", numHeads * headDim, width],
    ["self_attn.k_proj", numKvHeads * headDim, width],
    ["self_attn.v_proj", numKvHeads * headDim, width],
    ["self_attn.o_proj", width, numHeads * headDim],
    ["mlp.gate_proj", inner, width],
    ["mlp.up_proj", inner, width],
    ["mlp.down_proj", width, inner],
  ];
}

function fusedProjections({
  hiddenSize: width,
  intermediateSize: inner,
  numHeads,
  numKvHeads,
  headDim,
}: DecoderConfig): readonly Linear[] {
  return [
    ["self_attn.qkv_proj", (numHeads + 2 * numKvHeads) * headDim, width],
    ["self_attn.o_proj", width, numHeads * headDim],
    ["mlp.gate_up_proj", 2 * inner, width],
    ["mlp.down_proj", width, inner],
  ];
}

/**
 * No trained weight comes near. One flipped bit of an exponent gives 1e36, whose square is infinite: norms then turn what
 * they see to zeros, and the model answers at random without a NaN anywhere.
 */
const LARGEST = 1e6;

/** Whether a model can have learned it. */
export function isWeight(value: number): boolean {
  return Math.abs(value) <= LARGEST;
}

/** @throws bad-model if a tensor is missing, unknown or of another shape */
export function checkShapes(
  config: DecoderConfig,
  tensors: Iterable<{ readonly name: string; readonly shape: readonly number[] }>,
): void {
  const expected = weightShapes(config);
  const found = new Map<string, readonly number[]>();
  for (const { name, shape } of tensors) found.set(name, shape);
  for (const [name, shape] of expected) {
    const own = found.get(name);
    if (own === undefined) {
      throw new RrrError("bad-model", `the weight ${name} is missing`, hintFor(name, [...found.keys()]));
    }
    if (own.join() !== shape.join()) {
      throw new RrrError("bad-model", `the weight ${name} has shape [${own}], not [${shape}]`);
    }
  }
  for (const name of found.keys()) {
    if (expected.has(name)) continue;
    const shown = /^[\w.]{1,200}$/.test(name) ? name : show(name);
    throw new RrrError(
      "bad-model",
      `the weight ${shown} is not part of this architecture`,
      hintFor("", [...found.keys()]),
    );
  }
}

/** @throws bad-model for what `checkShapes` refuses, and for a value that can be no weight */
export function checkWeights(config: DecoderConfig, weights: Weights): void {
  checkShapes(
    config,
    [...weights].map(([name, { shape }]) => ({ name, shape })),
  );
  for (const [name, weight] of weights) {
    if (weight.data.length !== elements(weight.shape)) {
      throw new RrrError(
        "bad-model",
        `the weight ${name} has ${weight.data.length} values, not [${weight.shape}]`,
      );
    }
    const broken = firstBroken(weight.data);
    if (broken !== undefined)
      throw new RrrError("bad-model", `the weight ${name} is ${weight.data[broken]} at ${broken}`);
  }
}

/** A loop, since a callback for each of a billion weights takes seconds. */
function firstBroken(data: Float32Array): number | undefined {
  for (let i = 0; i < data.length; i++) if (!isWeight(data[i] as number)) return i;
  return undefined;
}

/**
 * Untrained weights: normal with standard deviation 0.02, norms 1, biases 0, and the two projections of each layer that
 * write into the residual stream scaled down by √(2·layers), as in GPT-2.
 * @see Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3
 */
export function initWeights(config: DecoderConfig, seed: number): Weights {
  const weights = new Map<string, Weight>();
  for (const [name, shape] of weightShapes(config)) {
    const data = new Float32Array(elements(shape));
    if (name.endsWith("norm.weight")) {
      data.fill(1);
    } else if (!name.endsWith(".bias")) {
      const residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
      fillNormal(
        data,
        residual ? 0.02 / Math.sqrt(2 * config.numLayers) : 0.02,
        deriveKey(seed, "init", name),
      );
    }
    weights.set(name, { shape, data });
  }
  return weights;
}

/** Number of values in a tensor of this shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Box–Muller, one normal number per pair of uniform ones. */
function fillNormal(data: Float32Array, deviation: number, key: number): void {
  for (let i = 0; i < data.length; i++) {
    const radius = Math.sqrt(-2 * Math.log(uniformAt(key, 2 * i)));
    data[i] = deviation * radius * Math.cos(2 * Math.PI * uniformAt(key, 2 * i + 1));
  }
}
