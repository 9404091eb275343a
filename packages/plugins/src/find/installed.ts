import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { kindOfSpec, type PluginKind } from "./kind.ts";
import { readManifest } from "./manifest.ts";
import { kindOfPackage } from "./specifier.ts";

/** A package that is a plugin, by its name or by what it declares. */
export interface PluginPackage {
  readonly kind: PluginKind;
  readonly folder: string;
}

/** The plugins that can be resolved from a folder, as Node looks for packages, by name. */
export function installedPlugins(folder: string): ReadonlyMap<string, PluginPackage> {
  const found = new Map<string, PluginPackage>();
  for (const modules of nodeModulesAbove(folder)) {
    for (const name of packagesIn(modules)) {
      const folder = join(modules, name);
      // The nearest of several copies is the one that is loaded.
      if (found.has(name)) continue;
      const kind = kindOfPackage(name) ?? declaredKind(folder);
      if (kind !== undefined) found.set(name, { kind, folder });
    }
  }
  return found;
}

/** What a package of any other name says that it is. */
function declaredKind(folder: string): PluginKind | undefined {
  try {
    const { spec } = readManifest(folder);
    return spec === undefined ? undefined : kindOfSpec(spec);
  } catch {
    return undefined;
  }
}

/** Where Node looks for packages from a folder, the nearest first. */
export function nodeModulesAbove(folder: string): readonly string[] {
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
