import { deriveKey, RrrError, uniformAt } from "@rrr/core";
import type { DecoderConfig } from "./config.ts";
import { isWeight, type Weight, type Weights, weightShapes } from "./weights.ts";

/** What is added to one projection W `[out, in]`: scale · B · A. */
export interface LoraModule {
  /** Numerator of the scale. */
  readonly alpha: number;
  /** A, `[rank, in]`. */
  readonly a: Weight;
  /** B, `[out, rank]`. */
  readonly b: Weight;
}

/**
 * A low-rank adapter: a trained change of some projections, small beside the model that it belongs to.
 * @see Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685
 */
export interface Adapter {
  /** By projection, e.g. `model.layers.0.self_attn.q_proj`. */
  readonly modules: ReadonlyMap<string, LoraModule>;
  /** Whether the scale is alpha / √rank in place of alpha / rank. @see arXiv 2312.03732 */
  readonly rslora: boolean;
}

export interface LoraSettings {
  /** Of every module; at least 1. */
  readonly rank: number;
  /** Default: twice the rank. */
  readonly alpha?: number | undefined;
  /** Last parts of the projections' names, e.g. `q_proj`. Default: every linear projection of the layers. */
  readonly targets?: readonly string[] | undefined;
}

/** Names of an adapter's tensors, as graphs and files have them. */
export function loraNames(projection: string): readonly [a: string, b: string] {
  return [`${projection}.lora_A.weight`, `${projection}.lora_B.weight`];
}

/** Factor on B · A. */
export function loraScale({ alpha, a }: LoraModule, { rslora }: Pick<Adapter, "rslora">): number {
  const rank = a.shape[0] as number;
  return alpha / (rslora ? Math.sqrt(rank) : rank);
}

/** The projections that can have an adapter, with their shapes `[out, in]`: never embeddings and the output. */
export function projectionShapes(config: DecoderConfig): ReadonlyMap<string, readonly [number, number]> {
  const found = new Map<string, readonly [number, number]>();
  for (const [name, shape] of weightShapes(config)) {
    const [out, into] = shape;
    if (!name.startsWith("model.layers.") || shape.length !== 2 || !out || !into) continue;
    found.set(name.replace(/\.weight$/, ""), [out, into]);
  }
  return found;
}

/** The last part of a projection's name, by which it is chosen: `q_proj`. */
export function targetOf(projection: string): string {
  return projection.slice(projection.lastIndexOf(".") + 1);
}

/**
 * A new adapter that changes nothing yet: B is 0, and A uniform in ±1/√in, which is PEFT's Kaiming-uniform with a = √5.
 * The numbers are those of our generator, by the projection's name: the same model and rank give the same adapter.
 * @throws bad-argument for a rank or a target that the model cannot have
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py reset_lora_parameters
 */
export function initAdapter(config: DecoderConfig, settings: LoraSettings): Adapter {
  const { rank, alpha = 2 * rank, targets } = settings;
  const shapes = projectionShapes(config);
  const known = [...new Set([...shapes.keys()].map(targetOf))];
  const unknown = targets?.find((target) => !known.includes(target));
  if (unknown !== undefined || targets?.length === 0) {
    throw new RrrError("bad-argument", `the model has no projection ${unknown ?? "in an empty list"}`, {
      hint: `Name some of ${known.join(", ")}; without a list all of them are adapted.`,
    });
  }
  if (!(alpha > 0 && alpha < Number.POSITIVE_INFINITY)) {
    throw new RrrError("bad-argument", `the adapter's alpha is ${alpha}, not a number above 0`);
  }
  const modules = new Map<string, LoraModule>();
  for (const [name, [out, into]] of shapes) {
    if (targets !== undefined && !targets.includes(targetOf(name))) continue;
    if (!Number.isInteger(rank) || rank < 1 || rank > Math.min(out, into)) {
      const most = Math.min(out, into);
      throw new RrrError("bad-argument", `a rank of ${rank} for ${name}, which has [${out}, ${into}]`, {
        hint: `Give a whole number from 1 to ${most}; 8 to 64 are usual.`,
      });
    }
    const key = deriveKey(0, "lora", name);
    const bound = 1 / Math.sqrt(into);
    const data = Float32Array.from({ length: rank * into }, (_, i) => bound * (2 * uniformAt(key, i) - 1));
    const a = { shape: [rank, into], data };
    modules.set(name, { alpha, a, b: { shape: [out, rank], data: new Float32Array(out * rank) } });
  }
  return { modules, rslora: false };
}

/**
 * The model that the adapter makes of its base: W + scale · B · A, each matrix made when it is asked for, so that there
 * is never a second model in memory.
 * @throws bad-model, when it is asked for, where such a matrix holds what is no weight
 */
export function mergeAdapter(weights: Weights, adapter: Adapter): Weights {
  return new Map(
    [...weights].map(([name, weight]) => {
      const module = adapter.modules.get(name.replace(/\.weight$/, ""));
      if (module === undefined) return [name, weight];
      const { shape } = weight;
      return [
        name,
        {
          shape,
          get data() {
            return checked(name, merged(weight, module, loraScale(module, adapter)));
          },
        },
      ];
    }),
  );
}

/** Adds the adapter to the weights where they are, for those who own them. */
export function mergeInPlace(weights: Weights, adapter: Adapter): void {
  for (const [name, { data }] of mergeAdapter(weights, adapter)) {
    const own = weights.get(name)?.data;
    if (own !== undefined && own !== data) own.set(data);
  }
}

function checked(name: string, data: Float32Array): Float32Array {
  if (data.every(isWeight)) return data;
  throw new RrrError("bad-model", `the adapter makes of ${name} what is no weight`, {
    hint: "Its matrices or its alpha are far too large: take it from where it was trained, or an earlier checkpoint.",
  });
}

function merged({ shape, data }: Weight, { a, b }: LoraModule, scale: number): Float32Array {
  const [out, into] = shape as [number, number];
  const rank = a.shape[0] as number;
  const result = new Float32Array(data.length);
  const row = new Float64Array(into);
  for (let o = 0; o < out; o++) {
    row.set(data.subarray(o * into, (o + 1) * into));
    for (let k = 0; k < rank; k++) {
      const factor = scale * (b.data[o * rank + k] as number);
      if (factor === 0) continue;
      const start = k * into;
      for (let i = 0; i < into; i++) row[i] = (row[i] as number) + factor * (a.data[start + i] as number);
    }
    result.set(row, o * into);
  }
  return result;
}
