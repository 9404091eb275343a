import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installedPlugins } from "../plugins/installed.ts";
import { globalPlaces, nearPlaces, type Place } from "../plugins/places.ts";
import { shortName } from "../plugins/specifier.ts";

/** A task plugin that can be run by name. What it says of itself is undefined where it says nothing. */
export interface InstalledPlugin {
  /** The shortest name that finds it. */
  readonly name: string;
  readonly package: string;
  readonly version: string | undefined;
  /** The contract's version as its package.json declares it, `"rrr": { "spec": … }`. */
  readonly spec: string | undefined;
  readonly description: string | undefined;
  readonly from: Place["kind"];
  readonly folder: string;
}

/** Every plugin once, as `rrr run` would find it. No plugin's code is run: its package.json is all that is read. */
export function listPlugins(cwd: string): readonly InstalledPlugin[] {
  const plugins = new Map<string, InstalledPlugin>();
  for (const { kind, folder } of [...nearPlaces(cwd), ...globalPlaces()]) {
    for (const [name, packageFolder] of installedPlugins(folder)) {
      if (!plugins.has(name)) plugins.set(name, toPlugin(name, packageFolder, kind));
    }
  }
  return [...plugins.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
}

function toPlugin(name: string, folder: string, from: Place["kind"]): InstalledPlugin {
  const { version, description, rrr } = readManifest(folder);
  const { spec } = (rrr ?? {}) as { readonly spec?: unknown };
  return {
    name: shortName(name),
    package: name,
    version: textOf(version),
    spec: textOf(spec),
    description: textOf(description),
    from,
    folder,
  };
}

function readManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    // A broken install is still listed, by its name.
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
