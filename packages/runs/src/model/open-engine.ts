import { type Engine, readModelDir } from "@rrr/trainer";
import type { RunSpec } from "../spec/run-spec.ts";
import { modelFolder } from "./model-folder.ts";
import { optional } from "./optional.ts";

/** The engine of a run, with the model's weights. @throws RrrError `bad-model`, `bad-argument`, `runtime-failed` */
export async function openRunEngine(
  { model }: Pick<RunSpec, "model" | "engine">,
  task: string,
): Promise<Engine> {
  const { createOnnxEngine } = await optional("@rrr/engine-onnx", () => import("@rrr/engine-onnx"));
  return createOnnxEngine(await readModelDir(await modelFolder(model, task)));
}
