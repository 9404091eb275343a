import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileHash, HubFile } from "./pull-event.ts";

/** Git names a file by the SHA-1 of its size and content. @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function createHasher({ kind }: FileHash, size: number): Hash {
  return kind === "sha256" ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}

/** Whether a file on disk is a file of the hub, as far as the hub says. */
export async function isFile(path: string, bytes: number, { size, hash }: HubFile): Promise<boolean> {
  if (bytes !== size) return false;
  if (hash === undefined) return true;
  const hasher = createHasher(hash, size);
  for await (const piece of createReadStream(path)) hasher.update(piece);
  return hasher.digest("hex") === hash.hex;
}
