import { existsSync, readdirSync, statSync } from "node:fs";
import { parse, resolve, sep } from "node:path";
import { RrrError } from "@rrr/core";
import { exportOnnx } from "@rrr/engine-onnx";
import { modelFolder, runCard, toRunSpec, writeFailed } from "@rrr/runs";
import {
  type Adapter,
  hashWeights,
  mergeInPlace,
  modelCard,
  modelName,
  readAdaptedDir,
  readLicense,
  writeAdapterDir,
  writeModelDir,
} from "@rrr/trainer";

/** What a model can be written as. */
export type ModelFormat = "onnx" | "model" | "adapter";

/**
 * `rrr export-model`, with a card that says where the model is from.
 * @throws RrrError `bad-model`; `bad-argument` where the folder holds something already, or there is no adapter
 */
export async function exportModel(
  name: string,
  task: string,
  out: string,
  format: ModelFormat,
): Promise<void> {
  const cwd = process.cwd();
  const folder = resolve(cwd, out);
  if (isTaken(folder)) {
    throw new RrrError("bad-argument", `${out} is a file or not empty; nothing was overwritten`, {
      hint: "Give another --out.",
    });
  }
  const { model: spec } = toRunSpec({ task, model: name, plan: { kind: "evaluate" } }, cwd);
  const from = await modelFolder(spec, task);
  const { model, adapter, dir } = await readAdaptedDir(from);
  const texts = new Map([["README.md", await cardOf(from, dir, format === "adapter" ? adapter : undefined)]]);
  const write = async (): Promise<void> => {
    if (format === "adapter") {
      if (adapter === undefined) throw noAdapter(name);
      const base = { name: modelName(dir), folder: wayTo(dir, folder), sha256: hashWeights(model.weights) };
      return writeAdapterDir(folder, adapter, model.config, base, texts);
    }
    if (adapter !== undefined) mergeInPlace(model.weights, adapter);
    return format === "onnx" ? exportOnnx(model, folder, texts) : writeModelDir(folder, model, "F32", texts);
  };
  await write().catch((cause) => {
    throw RrrError.is(cause) ? cause : writeFailed(folder, cause);
  });
}

/**
 * What is known of a model: of a checkpoint from its run, of any other folder no more than where its weights lie.
 * @param from what is exported @param weights the folder of its weights or, for an adapter, of its base's
 */
async function cardOf(from: string, weights: string, adapter: Adapter | undefined): Promise<string> {
  const { folder = weights, base = modelName(weights), ...known } = runCard(from) ?? {};
  // Where a run's base was may be another model by now; that of an adapter is known to be its own.
  const isAdapted = weights !== from;
  const license = await readLicense(isAdapted ? weights : folder);
  return modelCard({ ...known, base: isAdapted ? modelName(weights) : base, license, adapter });
}

/** The base's folder, unless the way to it is one from the root: an export is for others, a checkpoint is not. */
export function wayTo(base: string, from: string): string | undefined {
  const [first, second] = [base, from].map((path) => path.slice(parse(path).root.length).split(sep)[0]);
  return first === second ? base : undefined;
}

function noAdapter(name: string): RrrError {
  return new RrrError("bad-argument", `${name} has no adapter: all of its weights are its own`, {
    hint: "Leave --format out, or give --format model.",
  });
}

function isTaken(path: string): boolean {
  return existsSync(path) && !(statSync(path).isDirectory() && readdirSync(path).length === 0);
}
