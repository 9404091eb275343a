import { realpathSync } from "node:fs";
import { basename, sep } from "node:path";
import type { PluginKind } from "./kind.ts";
import { readManifest } from "./manifest.ts";
import { nearPlaces, ownPlugins } from "./places.ts";
import { tryResolve } from "./resolve.ts";
import { candidatePackages, kindOfPackage, shortName } from "./specifier.ts";

/**
 * Whether a name stands for a plugin that came with rrr, and for that very copy: a package of the same name in the
 * working directory is somebody's.
 */
export function comesWithRrr(name: string, cwd: string, kind: PluginKind): boolean {
  const folder = ownPlugins().find((own) => {
    const { name: full = basename(own) } = readManifest(own);
    return kindOfPackage(full) === kind && (name === full || name === shortName(full));
  });
  if (folder === undefined) return false;
  for (const candidate of candidatePackages(name, kind)) {
    for (const place of nearPlaces(cwd)) {
      const file = tryToResolve(candidate, place.folder);
      if (file !== undefined) return realpathSync(file).startsWith(folder + sep);
    }
  }
  return false;
}

/** A package that is broken is not ours. */
function tryToResolve(specifier: string, folder: string): string | undefined {
  try {
    return tryResolve(specifier, folder);
  } catch {
    return undefined;
  }
}
