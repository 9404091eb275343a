import { statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nearestName, RrrError } from "@rrr/core";
import { resolve as resolveImport } from "import-meta-resolve";
import { installedPlugins } from "./installed.ts";
import { KINDS, type PluginKind } from "./kind.ts";
import { globalPlaces, nearPlaces, type Place } from "./places.ts";
import { resolvePath } from "./resolve-path.ts";
import { candidatePackages, isPath, shortName } from "./specifier.ts";

/**
 * Finds the file that a plugin's name stands for: in the user's project first, then among the CLI's own dependencies,
 * then among what npm installed globally. Nothing is ever installed.
 *
 * Node's `import()` would look from this file only, and `require.resolve` does not see packages that can only be
 * imported; hence Node's own algorithm as a library.
 * @throws RrrError `plugin-not-found`
 */
export function resolvePlugin(name: string, cwd: string, kind: PluginKind = "task"): string {
  if (isPath(name)) return resolvePath(name, cwd, kind);
  const near = nearPlaces(cwd);
  const file = resolveFrom(name, near, kind);
  if (file !== undefined) return file;
  const global = globalPlaces();
  const globalFile = resolveFrom(name, global, kind);
  if (globalFile !== undefined) return globalFile;
  const all = [...near, ...global].flatMap(({ folder }) => [...installedPlugins(folder)]);
  throw notFound(
    name,
    kind,
    all.filter(([, found]) => found.kind === kind).map(([of]) => of),
  );
}

function resolveFrom(name: string, places: readonly Place[], kind: PluginKind): string | undefined {
  for (const candidate of candidatePackages(name, kind)) {
    for (const { folder } of places) {
      const file = tryResolve(candidate, folder);
      if (file !== undefined) return file;
    }
  }
  return undefined;
}

/**
 * The file that a package's name stands for as seen from a folder, undefined if it is not installed there.
 * @throws RrrError `plugin-failed` if it is, but has no entry
 */
export function tryResolve(specifier: string, folder: string): string | undefined {
  const url = tryToImport(specifier, folder);
  // Names such as "fs" resolve to modules of Node itself.
  if (!url?.startsWith("file:")) return undefined;
  const file = fileURLToPath(url);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw broken(specifier, `its entry ${file} does not exist`);
}

function tryToImport(specifier: string, folder: string): string | undefined {
  try {
    return resolveImport(specifier, pathToFileURL(`${folder}/`).href);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw broken(specifier, firstLine(error), error);
  }
}

function broken(specifier: string, reason: string, cause?: unknown): RrrError {
  return new RrrError("plugin-failed", `plugin "${specifier}" is installed but broken: ${reason}`, {
    cause,
    hint: "Its package.json points at no file that can be imported; reinstall it, or build it.",
  });
}

/** Not installed here, or no name that a package can have. */
function isAbsent(error: unknown): boolean {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === "ERR_INVALID_MODULE_SPECIFIER") return true;
  return code === "ERR_MODULE_NOT_FOUND" && message?.startsWith("Cannot find package") === true;
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split("\n", 1)[0] as string;
}

function notFound(name: string, kind: PluginKind, installed: readonly string[]): RrrError {
  const names = [...new Set(installed)].sort();
  const list = names.length === 0 ? "none" : names.join(", ");
  const nearest = nearestName(name, [...names.map(shortName), ...names]);
  const suggestion = nearest === undefined ? "" : `Did you mean ${nearest}? `;
  const wanted = kind === "task" ? "plugin" : kind;
  const path = `the path of ${KINDS[kind].noun}'s file (./my-${kind}.js)`;
  return new RrrError("plugin-not-found", `no ${wanted} ${JSON.stringify(name)}; installed: ${list}`, {
    hint: `${suggestion}Install the package that has it, or give ${path}.`,
  });
}
