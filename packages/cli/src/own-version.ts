import { readFileSync } from "node:fs";
import { packageRoot } from "./package-root.ts";

/** This package's version. */
export function ownVersion(): string {
  return JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")).version;
}
