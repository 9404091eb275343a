import { stat } from "node:fs/promises";
import { messageOf, RrrError } from "@rrr/core";
import type { FunctionCallItem } from "../item.ts";
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
 * Finds out what a path is, a file or folder of BFCL or a file like xlam's, by its first row.
 * @throws RrrError `bad-argument` for a path that cannot be read, `bad-item` for a first row that is none. Iteration
 * throws `bad-item` for the rest.
 */
export async function loadItems(path: string): Promise<LoadedItems> {
  return (await isBfcl(path))
    ? { mode: "bfcl", items: { [Symbol.asyncIterator]: () => loadBfcl(path) } }
    : { mode: "exact", items: { [Symbol.asyncIterator]: () => loadXlam(path) } };
}

async function isBfcl(path: string): Promise<boolean> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new RrrError("bad-argument", `cannot read ${path}: ${messageOf(cause)}`, { cause });
  });
  if (stats.isDirectory()) return true;
  for await (const { fields } of readRows(path)) return fields.has("question");
  throw new RrrError("bad-argument", `${path} has no rows`);
}
