import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { RrrError } from "@rrr/core";
import type { Stored } from "./engine.ts";

/**
 * What an engine stored below a folder, as it is written down in that folder: it may be moved. An address stays as
 * it is. @throws bad-checkpoint for another folder, which nobody would keep or hash
 */
export function relativeTo<Where extends Stored>(dir: string, stored: Where): Where {
  if (stored.kind === "address") return stored;
  const path = relative(dir, stored.path);
  if (isBelow(path)) return { ...stored, path: path.replaceAll(sep, "/") };
  throw new RrrError("bad-checkpoint", `the engine was to store below ${dir}, and stored in ${stored.path}`, {
    hint: "An engine stores in the folder that it is given, or returns an address.",
  });
}

/** The reverse of `relativeTo`. @throws bad-checkpoint for what leads out of the folder: somebody wrote that */
export function resolvedIn<Where extends Stored>(dir: string, stored: Where): Where {
  if (stored.kind === "address") return stored;
  const path = resolve(dir, stored.path);
  if (isBelow(relative(dir, path))) return { ...stored, path: join(dir, stored.path) };
  throw new RrrError("bad-checkpoint", `checkpoint ${dir} names ${stored.path}, which is outside of it`, {
    hint: "Delete this checkpoint to go on from the one before it.",
  });
}

function isBelow(path: string): boolean {
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
