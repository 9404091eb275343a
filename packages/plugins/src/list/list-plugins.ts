import { realpathSync } from "node:fs";
import { messageOf } from "@rrr/core";
import { installedPlugins, type PluginPackage } from "../find/installed.ts";
import type { PluginKind } from "../find/kind.ts";
import { type Manifest, readManifest } from "../find/manifest.ts";
import { globalPlaces, nearPlaces, ownPlugins, type Place } from "../find/places.ts";
import { tryResolve } from "../find/resolve.ts";
import { candidatePackages, shortName } from "../find/specifier.ts";
import { specProblem } from "../load/spec.ts";

/** A plugin that can be used by name. What it says of itself is undefined where it says nothing. */
export interface InstalledPlugin {
  readonly kind: PluginKind;
  /** The shortest name that finds it. */
  readonly name: string;
  readonly package: string;
  readonly version: string | undefined;
  /** The contract's version as its package.json declares it, `"rrr": { "spec": … }`. */
  readonly spec: string | undefined;
  readonly description: string | undefined;
  /** The user's project, what came with the command, or global installs. */
  readonly from: "project" | "rrr" | "global";
  readonly folder: string;
  /** Why it cannot be run; undefined as far as can be told without running its code. */
  readonly broken: string | undefined;
}

/**
 * Every installed plugin once, as it would be found by name from a folder. No plugin's code is run: its package.json
 * is all that is read. Tasks come first.
 */
export function listPlugins(cwd: string = process.cwd()): readonly InstalledPlugin[] {
  const found = new Map<string, Found>();
  for (const place of [...nearPlaces(cwd), ...globalPlaces()]) {
    for (const [name, plugin] of installedPlugins(place.folder)) {
      if (!found.has(name)) found.set(name, { place, ...plugin });
    }
  }
  const own = new Set(ownPlugins());
  const plugins = [...found].map(([name, at]) => {
    const short = shortName(name);
    const isFirst = candidatePackages(short, at.kind).find((candidate) => found.has(candidate)) === name;
    return { name: isFirst ? short : name, ...describe(name, at, own) };
  });
  return plugins.sort((a, b) => b.kind.localeCompare(a.kind, "en") || a.name.localeCompare(b.name, "en"));
}

interface Found extends PluginPackage {
  readonly place: Place;
}

function describe(
  name: string,
  { place, folder, kind }: Found,
  own: ReadonlySet<string>,
): Omit<InstalledPlugin, "name"> {
  const manifest = tryToRead(folder);
  const { version, spec, description }: Partial<Manifest> = typeof manifest === "string" ? {} : manifest;
  return {
    kind,
    package: name,
    version,
    spec,
    description,
    from: originOf(place, folder, own),
    folder,
    broken: typeof manifest === "string" ? manifest : findProblem(name, kind, spec, place),
  };
}

/** The manifest, or why there is none. */
function tryToRead(folder: string): Manifest | string {
  try {
    return readManifest(folder);
  } catch (error) {
    return `its package.json cannot be read: ${messageOf(error)}`;
  }
}

function findProblem(
  name: string,
  kind: PluginKind,
  spec: string | undefined,
  { folder }: Place,
): string | undefined {
  try {
    tryResolve(name, folder);
  } catch (error) {
    return messageOf(error);
  }
  return specProblem(spec, name, kind)?.message;
}

/** Above a command that is installed globally lies all that is; the command's own are its dependencies. */
function originOf({ kind }: Place, folder: string, own: ReadonlySet<string>): InstalledPlugin["from"] {
  if (own.has(realFolder(folder))) return "rrr";
  return kind === "rrr" ? "global" : kind;
}

/** A link may lead nowhere. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
