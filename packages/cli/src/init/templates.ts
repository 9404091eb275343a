import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../package-root.ts";

export const TEMPLATES = ["minimal", "dataset", "command"] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** npm packs no files of these names, or reads them as this package's own; the templates have them under others. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["npmrc", ".npmrc"],
  ["gitignore", ".gitignore"],
  ["manifest.json", "package.json"],
]);

/** A template's files by path, those that all templates share first. */
export function templateFiles(name: TemplateName): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const folder of ["common", name]) {
    const root = fileURLToPath(new URL(`templates/${folder}`, packageRoot));
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const relative = path.slice(root.length + 1).replaceAll("\\", "/");
      files.set(RENAMED.get(relative) ?? relative, readFileSync(path, "utf8"));
    }
  }
  return files;
}
