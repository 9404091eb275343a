import { resolve } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { type ModelFiles, readModelDir } from "@rrr/trainer";

/** `builtin`: the model that comes with rrr for this task; anything else is a folder. @throws RrrError `bad-model` */
export function loadModel(model: string, task: string, cwd: string): Promise<ModelFiles> {
  return readModelDir(model === "builtin" ? builtinModelDir(task) : resolve(cwd, model));
}
