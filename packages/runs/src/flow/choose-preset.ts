import { presetsOf } from "@rrr/plugins";
import { isBuiltin } from "../model/is-builtin.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import type { RunRequest } from "../spec/to-run-spec.ts";

/**
 * A spec with the preset that its plugin names for the model, where nobody named one. With `data` the problems are
 * those of the file, and none is named.
 */
export async function withPreset(
  spec: RunSpec,
  { configured = [] }: Pick<RunRequest, "configured">,
  cwd: string,
): Promise<RunSpec> {
  const { task, model } = spec;
  if (task.options.preset !== undefined) {
    const presetFrom = configured.includes("preset") ? "configuration" : "option";
    return { ...spec, task: { ...task, presetFrom } };
  }
  const presets = task.options.data === undefined ? await presetsOf(task.module, cwd) : undefined;
  if (presets === undefined) return spec;
  const presetFrom = (await isBuiltin(model)) ? "builtin" : "other";
  return {
    ...spec,
    task: { ...task, options: { ...task.options, preset: presets[presetFrom] }, presetFrom },
  };
}
