import { RrrError } from "@rrr/core";
import { type Adapter, targetOf } from "./lora.ts";
import { show } from "./show.ts";

export const ADAPTER_CONFIG = "adapter_config.json";
export const ADAPTER_WEIGHTS = "adapter_model.safetensors";

/** What an `adapter_config.json` says of a LoRA adapter. */
export interface PeftConfig {
  readonly rslora: boolean;
  /** Name or folder of the base as PEFT was given it; undefined where it is not said. */
  readonly base: string | undefined;
  rankOf(projection: string): number;
  alphaOf(projection: string): number;
}

type Json = Readonly<Record<string, unknown>>;

/** Fields that change what an adapter computes, in ways that are not built here, unless they are one of these. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  bias: ["none"],
  modules_to_save: [],
  fan_in_fan_out: [false],
  lora_bias: [false],
  layer_replication: [],
  trainable_token_indices: [],
  target_parameters: [],
  alora_invocation_tokens: [],
  // Those of names (pissa, olora, loftq, …) change the base's weights as well.
  init_lora_weights: [true, false, "gaussian", "eva", "orthogonal"],
};

/**
 * Reads an `adapter_config.json` as PEFT writes it.
 * @throws bad-model that names what is not supported
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/config.py
 */
export function parsePeftConfig(json: Json): PeftConfig {
  const refuse = (field: string): never => {
    throw new RrrError(
      "bad-model",
      `${ADAPTER_CONFIG}: ${field} is ${show(json[field])}, which is not supported`,
      {
        hint: "Merge it into its model in Python: merge_and_unload() of peft, then save_pretrained() into a new folder.",
      },
    );
  };
  const isUnset = (value: unknown): boolean =>
    value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  if (json.peft_type !== "LORA") refuse("peft_type");
  for (const [field, allowed] of Object.entries(REFUSED)) {
    if (!isUnset(json[field]) && !allowed.includes(json[field])) refuse(field);
  }
  // DoRA, QALoRA and what comes next: each is another computation.
  for (const [field, value] of Object.entries(json)) {
    if (/^use_/.test(field) && field !== "use_rslora" && value) refuse(field);
    // How an adapter began, when EVA chose it, is in its weights.
    const isEmpty =
      isUnset(value) || (typeof value === "object" && Object.keys(value as object).length === 0);
    if (/_config$/.test(field) && field !== "eva_config" && !isEmpty) refuse(field);
  }
  const { use_rslora: rslora = false, base_model_name_or_path: base } = json;
  if (typeof rslora !== "boolean") refuse("use_rslora");
  if (!isUnset(base) && typeof base !== "string") refuse("base_model_name_or_path");
  const isRank = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  const isAlpha = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;
  const [rank, alpha] = [json.r ?? 8, json.lora_alpha ?? 8];
  if (!isRank(rank)) refuse("r");
  if (!isAlpha(alpha)) refuse("lora_alpha");
  const ranks = patterns(json, "rank_pattern", isRank, refuse);
  const alphas = patterns(json, "alpha_pattern", isAlpha, refuse);
  return {
    rslora: rslora as boolean,
    base: (base ?? undefined) as string | undefined,
    rankOf: (projection) => matching(ranks, projection) ?? (rank as number),
    alphaOf: (projection) => matching(alphas, projection) ?? (alpha as number),
  };
}

/** Each is tried on each projection. The deepest model has fewer of these. */
const MOST_PATTERNS = 10_000;

type Patterns = readonly (readonly [name: RegExp, value: number])[];

/**
 * PEFT takes regular expressions, of which names are read, with what dots mean in them: `q.proj` is `q_proj` as well.
 * They name the whole projection or, unless they begin with ^, its end.
 */
function patterns(
  json: Json,
  field: string,
  isValid: (value: unknown) => boolean,
  refuse: (field: string) => never,
): Patterns {
  const given = json[field] ?? {};
  if (typeof given !== "object" || Array.isArray(given)) refuse(field);
  if (Object.keys(given as Json).length > MOST_PATTERNS) refuse(field);
  return Object.entries(given as Json).map(([pattern, value]) => {
    if (!/^\^?(?:\w|\\?\.){1,200}$/.test(pattern) || !isValid(value)) refuse(field);
    return [new RegExp(`^(?:.*\\.)?(?:${pattern})$`), value as number];
  });
}

function matching(patterns: Patterns, projection: string): number | undefined {
  return patterns.find(([name]) => name.test(projection))?.[1];
}

/** The `adapter_config.json` with which PEFT loads the same adapter. @param base name of its model */
export function toPeftConfig(
  { modules, rslora }: Adapter,
  projections: Iterable<string>,
  base: string,
): Json {
  const ranks = [...modules].map(([name, { a }]) => [name, a.shape[0] as number] as const);
  const alphas = [...modules].map(([name, { alpha }]) => [name, alpha] as const);
  const [rank, rankPattern] = commonest(ranks);
  const [alpha, alphaPattern] = commonest(alphas);
  const names = [...modules.keys()];
  const left = [...projections].filter((name) => !modules.has(name));
  const targets = [...new Set(names.map(targetOf))];
  const isWhole = targets.every((target) => !left.some((name) => targetOf(name) === target));
  return {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: base,
    r: rank,
    lora_alpha: alpha,
    target_modules: isWhole ? targets : names,
    rank_pattern: rankPattern,
    alpha_pattern: alphaPattern,
    use_rslora: rslora,
    use_dora: false,
    lora_dropout: 0,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    modules_to_save: null,
    revision: null,
  };
}

/** The value that most have, and the others by name. */
function commonest(
  values: readonly (readonly [name: string, value: number])[],
): readonly [number, Readonly<Record<string, number>>] {
  const counts = new Map<number, number>();
  for (const [, value] of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[most] = [8]] = [...counts].sort(([, a], [, b]) => b - a);
  return [most as number, Object.fromEntries(values.filter(([, value]) => value !== most))];
}
