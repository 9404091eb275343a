import { ownVersion } from "../own-version.ts";

interface Manifest {
  files: string[];
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides?: Record<string, string>;
}

/**
 * The template's package.json for one package: its extra folders are shipped, and it takes rrr of the version that
 * made it.
 * @param tarballs rrr's packages where they are not on npm. The dependency that is published stays as it is: npm
 * prefers a development dependency of the same name.
 */
export function toManifest(
  template: string,
  shipped: readonly string[],
  tarballs: ReadonlyMap<string, string> | undefined,
): string {
  const manifest = JSON.parse(template) as Manifest;
  manifest.files.push(...shipped);
  manifest.dependencies["@rrr/core"] = `^${ownVersion()}`;
  manifest.devDependencies["@rrr/cli"] = `^${ownVersion()}`;
  if (tarballs !== undefined) {
    const { "@rrr/core": core, "@rrr/cli": cli, ...others } = Object.fromEntries(tarballs);
    Object.assign(manifest.devDependencies, { "@rrr/cli": cli, "@rrr/core": core });
    manifest.overrides = others;
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
