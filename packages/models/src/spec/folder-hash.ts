import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf, RrrError } from "@rrr/core";

/** `sha256:…` of all files below a folder, names included: the identity of a local model. @throws RrrError `bad-model` */
export async function folderHash(folder: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for (const path of await filesBelow(folder)) {
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
