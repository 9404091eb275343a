import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type ModelSpec, parseModelSpec } from "@rrr/models";

/** Which model `--model` means: a folder that is there needs no `./`. @throws RrrError `bad-argument` */
export function namedSpec(model: string, cwd: string): ModelSpec {
  const isFolder = statSync(resolve(cwd, model), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder && model !== "builtin" ? { kind: "folder", path: model } : parseModelSpec(model);
}
