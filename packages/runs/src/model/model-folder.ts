import { existsSync } from "node:fs";
import { RrrError } from "@rrr/core";
import type { ModelSpec } from "../spec/run-spec.ts";
import { optional } from "./optional.ts";

/**
 * The folder of a model whose weights are here: the built-in one of a task, or the one that is named.
 * @throws RrrError `bad-model` where there is none; `bad-argument` for a model whose weights are elsewhere
 */
export async function modelFolder({ name, folder }: ModelSpec, task: string): Promise<string> {
  const { parseModelSpec } = await optional("@rrr/models", () => import("@rrr/models"));
  if (folder !== undefined && !name.startsWith("transformers:")) {
    if (existsSync(folder)) return folder;
    throw noFolder(folder, name);
  }
  const spec = parseModelSpec(name);
  if (spec.kind === "builtin") {
    const { builtinModelDir } = await optional("@rrr/builtin-model", () => import("@rrr/builtin-model"));
    return builtinModelDir(task);
  }
  if (spec.kind === "folder") {
    // A file in place of a folder: what reads it says what it is.
    if (existsSync(spec.path)) return spec.path;
    throw noFolder(spec.path, name);
  }
  throw new RrrError("bad-argument", `${name} can be measured, not trained: its weights are not here`, {
    hint: "`rrr eval` measures it. What can be trained is builtin, or a folder in Hugging Face layout.",
  });
}

/** @param name as it was given: perhaps an id of a hub */
function noFolder(path: string, name: string): RrrError {
  const isLikeHub = /^\w[\w.-]*\/[\w.-]+$/.test(name);
  const hint = isLikeHub
    ? `For a model of the Hugging Face hub: \`rrr pull ${name}\` downloads it; as ONNX it is transformers:${name}. `
    : "";
  return new RrrError("bad-model", `there is no model folder ${path}`, {
    hint: `${hint}\`rrr models\` lists what there is.`,
  });
}
