import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isPluginPackage } from "./specifier.ts";

/** Names of the task plugins that can be resolved from any of these folders, as Node looks for packages. */
export function installedPlugins(folders: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const modules of new Set(folders.flatMap(nodeModulesAbove))) {
    for (const name of packagesIn(modules)) if (isPluginPackage(name)) found.add(name);
  }
  return [...found].sort();
}

function nodeModulesAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  const own = join(folder, "node_modules");
  return parent === folder ? [own] : [own, ...nodeModulesAbove(parent)];
}

function packagesIn(modules: string): readonly string[] {
  return namesIn(modules).flatMap((name) =>
    name.startsWith("@") ? namesIn(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

/** A folder that is not there holds nothing. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
