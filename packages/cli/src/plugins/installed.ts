import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isPluginPackage } from "./specifier.ts";

/** The task plugins that can be resolved from a folder, as Node looks for packages: their folders by name. */
export function installedPlugins(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const modules of nodeModulesAbove(folder)) {
    for (const name of packagesIn(modules)) {
      // The nearest of several copies is the one that is loaded.
      if (isPluginPackage(name) && !found.has(name)) found.set(name, join(modules, name));
    }
  }
  return found;
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
