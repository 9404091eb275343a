import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a package.json says of a plugin; what it does not say, or says in no text, is undefined. */
export interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly description: string | undefined;
  /** The contract's version, `"rrr": { "spec": … }`. */
  readonly spec: string | undefined;
}

/** The package.json in a folder. @throws Error where it cannot be read */
export function readManifest(folder: string): Manifest {
  const { name, version, description, rrr } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return {
    name: textOf(name),
    version: textOf(version),
    description: textOf(description),
    spec: textOf((rrr as { readonly spec?: unknown } | undefined)?.spec),
  };
}

/** The manifest of the package that a file belongs to; undefined where there is none, or it cannot be read. */
export function manifestOf(file: string): Manifest | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, "package.json"))) continue;
    try {
      const manifest = readManifest(folder);
      // A package may have nameless ones inside, which only say what its modules are.
      if (manifest.name !== undefined) return manifest;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
