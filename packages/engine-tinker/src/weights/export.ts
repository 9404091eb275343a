import { copyFile, cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { mergeInPlace, readAdaptedDir, type StoredModel, writeDirDurably, writeModelDir } from "@rrr/trainer";
import { unpack } from "./unpack.ts";

/** A tokenizer's files, which archives may lack. */
const TOKENIZER = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
];

/**
 * Writes a server's weights as a model. An adapter is merged into the weights that lie beside the tokenizer; where there
 * are none, it is written as it came.
 * @param base folder of the tokenizer, maybe with the weights that the adapter is of
 */
export async function exportArchive(
  archive: ReadableStream<Uint8Array>,
  base: string,
  dir: string,
): Promise<StoredModel> {
  const scratch = await mkdtemp(join(tmpdir(), "rrr-weights-"));
  try {
    await unpack(archive, scratch);
    const from = await rootOf(scratch);
    const isAdapter = await isThere(join(from, "adapter_config.json"));
    if (isAdapter && (await hasWeights(base))) {
      const { model, adapter } = await readAdaptedDir(base, from);
      if (adapter !== undefined) mergeInPlace(model.weights, adapter);
      await writeModelDir(dir, model, "F32");
      return { kind: "folder", path: dir, layout: "hugging-face" };
    }
    await writeDirDurably(dir, async (temporary) => {
      await cp(from, temporary, { recursive: true });
      if (isAdapter) return;
      for (const name of TOKENIZER) {
        const isMissing = !(await isThere(join(temporary, name)));
        if (isMissing && (await isThere(join(base, name))))
          await copyFile(join(base, name), join(temporary, name));
      }
    });
    const isModel = !isAdapter && (await isThere(join(dir, "config.json"))) && (await hasWeights(dir));
    return { kind: "folder", path: dir, layout: isModel ? "hugging-face" : "other" };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Some archives have all files in one folder. @throws RrrError `model-failed` for one without files */
async function rootOf(folder: string): Promise<string> {
  const [first, ...others] = await readdir(folder, { withFileTypes: true });
  if (first === undefined) throw new RrrError("model-failed", "the archive of the weights has no files");
  return first.isDirectory() && others.length === 0 ? rootOf(join(folder, first.name)) : folder;
}

async function hasWeights(dir: string): Promise<boolean> {
  return (
    (await isThere(join(dir, "model.safetensors"))) || isThere(join(dir, "model.safetensors.index.json"))
  );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
