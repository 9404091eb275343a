import { writeFile } from "node:fs/promises";
import { RrrError } from "@rrr/core";
import { writeFailed } from "@rrr/runs";

/** What somebody asked to be written: nothing is ever overwritten. @throws RrrError `bad-argument`, `bad-run` */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content, { flag: "wx" }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "EEXIST" ? alreadyThere(path) : writeFailed(path, cause);
  });
}

export function alreadyThere(path: string): RrrError {
  return new RrrError("bad-argument", `${path} is there already`, {
    hint: "Give another --out, or remove it first.",
  });
}
