import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf, RrrError } from "@rrr/core";

/**
 * `sha256:…` of files below a folder, names included: the identity of a local model.
 * @param names those that the model is read from, relative to the folder; default: all
 * @throws RrrError `bad-model`
 */
export async function folderHash(folder: string, names?: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  try {
    const paths = names?.map((name) => join(folder, name)).sort() ?? (await filesBelow(folder));
    for (const path of paths) {
      const digest = createHash("sha256");
      await pipeline(createReadStream(path), digest);
      hash.update(`${relative(folder, path).replaceAll(sep, "/")}\0${digest.digest("hex")}\n`);
    }
  } catch (cause) {
    throw new RrrError("bad-model", `the model folder ${folder} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
  return `sha256:${hash.digest("hex")}`;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
