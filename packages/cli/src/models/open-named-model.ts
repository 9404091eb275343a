import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { RrrError } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { checkOpenOptions, folderHash, type ModelSpec, type OpenedModel, openModel } from "@rrr/models";
import { createPolicy, readModelDir } from "@rrr/trainer";
import type { ModelFlags } from "../commands/model-options.ts";
import { namedSpec } from "./named-spec.ts";

/** A model that `--model` names, opened to be sampled. @throws RrrError `bad-argument`, `bad-model`, `runtime-failed` */
export function openNamedModel(
  {
    model,
    baseUrl,
    apiKeyEnv,
    concurrency,
  }: Pick<ModelFlags, "model" | "baseUrl" | "apiKeyEnv" | "concurrency">,
  task: string,
  cwd: string,
): Promise<OpenedModel> {
  const spec = namedSpec(model, cwd);
  const options = {
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
  checkOpenOptions(spec, options);
  if (spec.kind === "openai" || spec.kind === "transformers") return openModel(spec, options);
  return openFolder(spec, spec.kind === "builtin" ? builtinModelDir(task) : resolve(cwd, spec.path));
}

async function openFolder(spec: ModelSpec, folder: string): Promise<OpenedModel> {
  const name = spec.kind === "folder" ? spec.path : spec.kind;
  if (!existsSync(folder)) {
    const isLikeHub = /^\w[\w.-]*\/[\w.-]+$/.test(name);
    throw new RrrError("bad-model", `there is no model folder ${folder}`, {
      hint: `${isLikeHub ? `For a model of the Hugging Face hub write transformers:${name}. ` : ""}\`rrr models\` lists what there is.`,
    });
  }
  const files = await readModelDir(folder);
  const identity = { model: name, source: await folderHash(folder) };
  const engine = await createOnnxEngine(files);
  return {
    model: createPolicy(engine, name),
    identity,
    trainable: true,
    close: () => engine.close(),
  };
}
