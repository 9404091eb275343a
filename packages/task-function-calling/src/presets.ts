import type { TaskLimits } from "@rrr/core";
import { catalogue } from "./apis/catalogue.ts";
import { small } from "./apis/small.ts";
import type { World } from "./generate/sample.ts";

interface Preset {
  readonly world: World;
  /** For the built-in model; others get what suits them. */
  readonly limits: TaskLimits;
}

export type PresetName = "small" | "standard" | "parallel";

/**
 * `small`: a closed world for the built-in model. `standard`: one or two calls of a large catalogue's functions.
 * `parallel`: two to four calls, of the same function or of several.
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  small: { world: small, limits: { attempt: 80, reflection: 112, for: "builtin" } },
  standard: {
    world: { apis: catalogue, tools: { min: 3, max: 6 }, calls: { min: 1, max: 2 }, lookAlikes: 0.6 },
    limits: { attempt: 512, reflection: 512, for: "builtin" },
  },
  parallel: {
    world: { apis: catalogue, tools: { min: 4, max: 8 }, calls: { min: 2, max: 4 }, lookAlikes: 0.5 },
    limits: { attempt: 1024, reflection: 512, for: "builtin" },
  },
};
