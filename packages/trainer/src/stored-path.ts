import { isAbsolute, join, relative, sep } from "node:path";
import { RrrError } from "@rrr/core";
import type { Stored } from "./engine.ts";

/**
 * What an engine stored below a folder, as it is written down in that folder: it may be moved. An address stays as
 * it is. @throws bad-checkpoint for another folder, which nobody would keep or hash
 */
export function relativeTo<Where extends Stored>(dir: string, stored: Where): Where {
  if (stored.kind === "address") return stored;
  const path = relative(dir, stored.path);
  if (path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path)) {
    return { ...stored, path: path.replaceAll(sep, "/") };
  }
  throw new RrrError("bad-checkpoint", `the engine was to store below ${dir}, and stored in ${stored.path}`, {
    hint: "An engine stores in the folder that it is given, or returns an address.",
  });
}

/** The reverse of `relativeTo`. */
export function resolvedIn<Where extends Stored>(dir: string, stored: Where): Where {
  return stored.kind === "address" ? stored : { ...stored, path: join(dir, stored.path) };
}
