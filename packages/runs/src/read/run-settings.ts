import { TRAIN_SETTINGS } from "@rrr/trainer";
import type { RunPlan, RunSpec } from "../spec/run-spec.ts";
import { toEvaluationPlan, toTrainingPlan } from "../spec/to-run-spec.ts";
import type { StoredRun } from "../store/stored-run.ts";
import { nameOf, saidIn, shownOf } from "./setting-differences.ts";

/** A setting of a run. */
export interface RunSetting {
  readonly setting: string;
  readonly value: unknown;
  /** What it is where nobody says otherwise; undefined where that depends on the task or the model. */
  readonly usual?: unknown;
  readonly isChanged: boolean;
}

/**
 * What a run was asked for, and where that is not what a run does where nothing is said; a run that trains is compared with
 * the trainer's settings that it names. Empty for a run that an older version wrote.
 */
export function runSettings({ spec }: Pick<StoredRun, "spec">): readonly RunSetting[] {
  if (spec === undefined) return [];
  const plan = usualPlan(spec);
  const usual = new Map(plan === undefined ? [] : saidIn({ ...spec, plan }).filter(isOfPlan));
  return saidIn(spec).map(([path, value]) => {
    const known = usual.get(path);
    const isChanged = usual.has(path) && JSON.stringify(known) !== JSON.stringify(value);
    return {
      setting: nameOf(path),
      value: shownOf(path, value),
      ...(usual.has(path) ? { usual: known } : {}),
      isChanged,
    };
  });
}

function isOfPlan([path]: readonly [string, unknown]): boolean {
  return path.startsWith("plan.");
}

function usualPlan({ plan, model }: RunSpec): RunPlan | undefined {
  if (plan.kind === "evaluate") return toEvaluationPlan({ kind: "evaluate" }, { name: String(model.name) });
  const { settings = { name: "builtin", from: "builtin" } as const } = plan;
  // A folder from elsewhere may name any.
  return Object.hasOwn(TRAIN_SETTINGS, settings.name)
    ? toTrainingPlan({ kind: "train" }, settings)
    : undefined;
}
