import type { DecoderConfig } from "./config.ts";
import { isObject, isPositive, type Json, positive, wrong } from "./fields.ts";
import { parseScaling, type RopeScaling, writeScaling } from "./rope-scaling.ts";

export type RopeType = "default" | RopeScaling["type"];

type Rope = Pick<DecoderConfig, "ropeTheta" | "rotaryDim" | "ropeScaling">;

/**
 * Reads what config.json says of rotary positions: `rope_parameters` since transformers 5, before that `rope_scaling`
 * with `rope_theta` and `partial_rotary_factor` beside it. Of both, transformers takes the latter, unless it is empty.
 * @param json with the family's defaults filled in
 * @throws bad-model
 */
export function parseRope(
  json: Json,
  headDim: number,
  family: { readonly ropeTypes: readonly RopeType[]; readonly partialRotary: boolean },
): Rope {
  const isEmpty = isObject(json.rope_scaling) && Object.keys(json.rope_scaling).length === 0;
  const field = isSaid(json.rope_scaling) && !isEmpty ? "rope_scaling" : "rope_parameters";
  const said = json[field] ?? {};
  if (!isObject(said)) throw wrong(field, said, "an object");
  const own: Json = Object.fromEntries(Object.entries(said).filter(([, value]) => isSaid(value)));
  const type = typeOf(own, field, family.ropeTypes);
  if (isSaid(json.rope_theta)) positive(json, "rope_theta");
  const ropeTheta = positive({ rope_theta: own.rope_theta ?? json.rope_theta ?? 10_000 }, "rope_theta");
  const partial = own.partial_rotary_factor ?? json.partial_rotary_factor ?? 1;
  const rotaryDim = isPositive(partial) ? Math.trunc(headDim * partial) : 0;
  if (rotaryDim !== headDim) {
    if (!family.partialRotary) throw wrong("partial_rotary_factor", partial, "1");
    if (rotaryDim < 2 || rotaryDim % 2 !== 0 || rotaryDim > headDim) {
      throw wrong(
        "partial_rotary_factor",
        partial,
        `a share that is an even number of ${headDim} dimensions`,
      );
    }
  }
  return {
    ropeTheta,
    ...(rotaryDim === headDim ? {} : { rotaryDim }),
    ...(type === "default" ? {} : { ropeScaling: parseScaling(type, own, field, json, rotaryDim) }),
  };
}

/** The fields of config.json, for transformers 5 and for readers of what came before. */
export function writeRope({ ropeTheta, rotaryDim, ropeScaling, headDim }: DecoderConfig): Json {
  const partial = rotaryDim === undefined ? {} : { partial_rotary_factor: rotaryDim / headDim };
  const scaling = ropeScaling && { rope_type: ropeScaling.type, ...writeScaling(ropeScaling) };
  return {
    rope_theta: ropeTheta,
    rope_scaling: scaling ?? null,
    rope_parameters: { rope_type: "default", rope_theta: ropeTheta, ...scaling, ...partial },
    ...partial,
  };
}

function typeOf(own: Json, field: string, supported: readonly RopeType[]): RopeType {
  const said = own.rope_type ?? own.type ?? "default";
  // What the first configurations of Phi-3 called it.
  const isLong = supported.includes("longrope") && (said === "su" || said === "yarn");
  const type = isLong ? "longrope" : said;
  if (supported.includes(type as RopeType)) return type as RopeType;
  throw wrong(`${field}.rope_type`, said, `one that is supported (${supported.join(", ")})`);
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}
