import { resolve } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { RrrError } from "@rrr/core";
import { type ModelFiles, readModelDir } from "@rrr/trainer";
import { namedSpec } from "../models/named-spec.ts";

/**
 * A model that can be trained. `builtin`: the one that comes with rrr for this task; anything else is a folder.
 * @throws RrrError `bad-model`; `bad-argument` for a model whose weights are elsewhere
 */
export function loadModel(model: string, task: string, cwd: string): Promise<ModelFiles> {
  const spec = namedSpec(model, cwd);
  if (spec.kind === "builtin") return readModelDir(builtinModelDir(task));
  if (spec.kind === "folder") return readModelDir(resolve(cwd, spec.path));
  throw new RrrError("bad-argument", `${model} can be measured, not trained: its weights are not here`, {
    hint: "`rrr eval` measures it. What can be trained is builtin, or a folder in Hugging Face layout.",
  });
}
