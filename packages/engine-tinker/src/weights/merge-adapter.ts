import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { readSafetensors, type Weight, type Weights } from "@rrr/trainer";

const PREFIX = "base_model.model.";
const A = ".lora_A.weight";
const B = ".lora_B.weight";
/** What would change the merge, and is not known here. */
const REFUSED = [
  "use_rslora",
  "use_dora",
  "fan_in_fan_out",
  "rank_pattern",
  "alpha_pattern",
  "modules_to_save",
];

/**
 * The weights of a base model with an adapter in PEFT's layout added: W + (alpha / r)·B·A.
 * @param folder with adapter_config.json and adapter_model.safetensors
 * @throws RrrError `bad-model` for an adapter that does not fit the weights, or is of a kind that is not known
 * @see https://arxiv.org/abs/2106.09685
 */
export async function mergeAdapter(base: Weights, folder: string): Promise<Weights> {
  const config = JSON.parse(await readFile(join(folder, "adapter_config.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const { r, lora_alpha: alpha } = config;
  if (typeof r !== "number" || typeof alpha !== "number" || !(r > 0)) {
    throw bad(`r is ${JSON.stringify(r)} and lora_alpha ${JSON.stringify(alpha)}`);
  }
  for (const name of REFUSED) {
    const value = config[name];
    const isSet = value !== undefined && value !== null && value !== false;
    if (isSet && JSON.stringify(value) !== "{}") throw bad(`${name} is ${JSON.stringify(value)}`);
  }
  const adapter = await readSafetensors(join(folder, "adapter_model.safetensors"));
  const merged = new Map(base);
  for (const [name, a] of adapter) {
    if (!name.endsWith(A)) {
      if (!name.endsWith(B) || !adapter.has(name.slice(0, -B.length) + A)) throw bad(`${name} is no pair's`);
      continue;
    }
    const module = name.slice(0, -A.length);
    const b = adapter.get(module + B);
    const target = `${module.startsWith(PREFIX) ? module.slice(PREFIX.length) : module}.weight`;
    const weight = base.get(target);
    if (b === undefined || weight === undefined) throw bad(`${name}: there is no ${b ? target : module + B}`);
    merged.set(target, sumOf(weight, a, b, alpha / r, target));
  }
  return merged;
}

function sumOf(weight: Weight, a: Weight, b: Weight, scale: number, name: string): Weight {
  const [out = 0, inner = 0] = weight.shape;
  const [rank = 0, ...rest] = a.shape;
  if (rest.join() !== `${inner}` || b.shape.join() !== `${out},${rank}`) {
    throw bad(`${name} is [${weight.shape}], its adapter [${b.shape}] by [${a.shape}]`);
  }
  const data = Float32Array.from(weight.data);
  const row = new Float64Array(inner);
  for (let o = 0; o < out; o++) {
    row.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = scale * (b.data[o * rank + k] as number);
      if (factor === 0) continue;
      for (let i = 0; i < inner; i++)
        row[i] = (row[i] as number) + factor * (a.data[k * inner + i] as number);
    }
    for (let i = 0; i < inner; i++)
      data[o * inner + i] = (data[o * inner + i] as number) + (row[i] as number);
  }
  return { shape: weight.shape, data };
}

function bad(what: string): RrrError {
  return new RrrError("bad-model", `the server's adapter cannot be merged: ${what}`, {
    hint: "Without weights in the tokenizer's folder it is written as it came, for other programs to merge.",
  });
}
