import { realpathSync } from "node:fs";
import { messageOf } from "@rrr/core";
import { installedPlugins } from "../find/installed.ts";
import { type Manifest, readManifest } from "../find/manifest.ts";
import { globalPlaces, nearPlaces, ownPlugins, type Place } from "../find/places.ts";
import { tryResolve } from "../find/resolve.ts";
import { candidatePackages, shortName } from "../find/specifier.ts";
import { specProblem } from "../load/spec.ts";

/** A task plugin that can be run by name. What it says of itself is undefined where it says nothing. */
export interface InstalledPlugin {
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
 * is all that is read.
 */
export function listPlugins(cwd: string = process.cwd()): readonly InstalledPlugin[] {
  const found = new Map<string, Found>();
  for (const place of [...nearPlaces(cwd), ...globalPlaces()]) {
    for (const [name, folder] of installedPlugins(place.folder)) {
      if (!found.has(name)) found.set(name, { place, folder });
    }
  }
  const own = new Set(ownPlugins());
  const plugins = [...found].map(([name, at]) => {
    const short = shortName(name);
    const isFirst = candidatePackages(short).find((candidate) => found.has(candidate)) === name;
    return { name: isFirst ? short : name, ...describe(name, at, own) };
  });
  return plugins.sort((a, b) => a.name.localeCompare(b.name, "en"));
}

interface Found {
  readonly place: Place;
  readonly folder: string;
}

function describe(
  name: string,
  { place, folder }: Found,
  own: ReadonlySet<string>,
): Omit<InstalledPlugin, "name"> {
  const manifest = tryToRead(folder);
  const { version, spec, description }: Partial<Manifest> = typeof manifest === "string" ? {} : manifest;
  return {
    package: name,
    version,
    spec,
    description,
    from: originOf(place, folder, own),
    folder,
    broken: typeof manifest === "string" ? manifest : findProblem(name, spec, place),
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

function findProblem(name: string, spec: string | undefined, { folder }: Place): string | undefined {
  try {
    tryResolve(name, folder);
  } catch (error) {
    return messageOf(error);
  }
  return specProblem(spec, name)?.message;
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
