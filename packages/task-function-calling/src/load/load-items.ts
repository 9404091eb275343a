import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import type { FunctionCallItem } from "../item.ts";
import type { LoadOptions } from "./bad-rows.ts";
import { categoryOfFile } from "./categories.ts";
import { loadBfcl } from "./load-bfcl.ts";
import { loadXlam } from "./load-xlam.ts";
import { readRows } from "./read-rows.ts";

/** Items of a path, and the mode in which their `expected` is to be read. */
export interface LoadedItems {
  readonly mode: "exact" | "bfcl";
  /** Read anew from the file for each iteration. */
  readonly items: AsyncIterable<FunctionCallItem>;
}

/**
 * Finds out what a path is, a file or folder of BFCL or a file like xlam's, by its name or its first row.
 * @throws RrrError `bad-argument` for a path that cannot be read, `bad-item` for a first row that is none. Iteration
 * throws `bad-item` for the rest.
 */
export async function loadItems(path: string, options: LoadOptions = {}): Promise<LoadedItems> {
  return (await isBfcl(path, options))
    ? { mode: "bfcl", items: { [Symbol.asyncIterator]: () => loadBfcl(path, options) } }
    : { mode: "exact", items: { [Symbol.asyncIterator]: () => loadXlam(path, options) } };
}

async function isBfcl(path: string, { onBadRow }: LoadOptions): Promise<boolean> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new RrrError("bad-argument", `cannot read ${path}: ${messageOf(cause)}`, { cause });
  });
  if (stats.isDirectory() || categoryOfFile(basename(path)) !== undefined) return true;
  // Reading the items tells of bad rows; to be told of them here as well would count them twice.
  const passOver = onBadRow && (() => {});
  for await (const { fields } of readRows(path, { onBadRow: passOver })) return fields.has("question");
  throw new RrrError("bad-argument", `${path} has no rows`);
}
