import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Files of a folder with their sizes, in order. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => `${path} ${statSync(join(folder, path)).size}`)
    .sort();
}
