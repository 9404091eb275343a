import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readManifest } from "./manifest.ts";
import { isPluginPackage } from "./specifier.ts";

/** The task plugins that can be resolved from a folder, as Node looks for packages: their folders by name. */
export function installedPlugins(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const modules of nodeModulesAbove(folder)) {
    for (const name of packagesIn(modules)) {
      const folder = join(modules, name);
      // The nearest of several copies is the one that is loaded.
      if (!found.has(name) && (isPluginPackage(name) || declaresSpec(folder))) found.set(name, folder);
    }
  }
  return found;
}

/** Whether a package of any other name says that it is a plugin. */
function declaresSpec(folder: string): boolean {
  try {
    return readManifest(folder).spec !== undefined;
  } catch {
    return false;
  }
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
