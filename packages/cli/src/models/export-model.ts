import { existsSync, readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { RrrError } from "@rrr/core";
import { exportOnnx } from "@rrr/engine-onnx";
import { modelFolder, toRunSpec, writeFailed } from "@rrr/runs";
import { readModelDir } from "@rrr/trainer";

/** `rrr export-model`. @throws RrrError `bad-model`; `bad-argument` where the folder holds something already */
export async function exportModel(name: string, task: string, out: string): Promise<void> {
  const cwd = process.cwd();
  const folder = resolve(cwd, out);
  if (isTaken(folder)) {
    throw new RrrError("bad-argument", `${out} is a file or not empty; nothing was overwritten`, {
      hint: "Give another --out.",
    });
  }
  const { model } = toRunSpec({ task, model: name, plan: { kind: "evaluate" } }, cwd);
  const files = await readModelDir(await modelFolder(model, task));
  await exportOnnx(files, folder).catch((cause) => {
    throw writeFailed(folder, cause);
  });
}

function isTaken(path: string): boolean {
  return existsSync(path) && !(statSync(path).isDirectory() && readdirSync(path).length === 0);
}
