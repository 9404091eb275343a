import { openEngine } from "@rrr/plugins";
import type { Engine, EngineUse } from "@rrr/trainer";
import { EMBEDDED } from "../spec/forced-engine.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import { modelFolder } from "./model-folder.ts";

/**
 * The engine of a run, with the model's weights.
 * @throws RrrError `plugin-not-found`, `plugin-failed`, `bad-engine`; `bad-model`, `bad-argument` for a model that it
 *   cannot open
 */
export async function openRunEngine(
  { model, engine: { name, options } }: Pick<RunSpec, "model" | "engine">,
  task: string,
  cwd: string,
  use: EngineUse,
): Promise<Engine> {
  // Another engine may know models by names of its own.
  const isName = name !== EMBEDDED && model.name !== "builtin" && model.folder === undefined;
  const named = isName ? model.name : await modelFolder(model, task);
  const { engine } = await openEngine({ name, model: named, options, use }, cwd);
  return engine;
}
