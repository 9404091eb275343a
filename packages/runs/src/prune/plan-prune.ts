import { relative, resolve, sep } from "node:path";
import { lookAround } from "./look-around.ts";
import { prunableOf } from "./prunable.ts";
import type { Prunable, PrunePlan, PruneSettings } from "./prune-plan.ts";

/**
 * What could go below `runs/`; nothing is changed. Of finished runs every checkpoint but the newest and the one that
 * the figures are of, and with settings whole runs. A run that is being written, one that cannot be read, a link and a folder that is no run are left alone,
 * as is the model of a run that is not finished.
 * @example applyPrune(planPrune(process.cwd(), { olderThanMs: 30 * 86_400_000 }))
 */
export function planPrune(cwd: string, settings: PruneSettings = {}): PrunePlan {
  const { idle, models, left } = lookAround(cwd);
  const found = [...idle].flatMap(([name, run]) => prunableOf(name, run, settings));
  const isNeeded = ({ path }: Prunable): boolean =>
    models.some((model) => model === path || model.startsWith(path + sep));
  const needed = found.filter(isNeeded).map(({ path }) => ({
    ...{
      name: relative(resolve(cwd, "runs"), path),
      reason: "holds the model of a run that is not finished",
    },
  }));
  const remove = found.filter((each) => !isNeeded(each));
  return { cwd: resolve(cwd), settings, remove, bytes: bytesOf(remove), left: [...left, ...needed] };
}

export function bytesOf(items: readonly Prunable[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0);
}
