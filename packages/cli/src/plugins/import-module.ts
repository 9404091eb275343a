import { pathToFileURL } from "node:url";

/**
 * Imports a module by file, TypeScript too. Node from 22.18 on strips types itself; for the versions before it,
 * which rrr supports, jiti does. jiti's cache is off: it would leave files in the user's project.
 */
export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const stripsTypes = "typescript" in process.features && Boolean(process.features.typescript);
  if (/\.m?ts$/.test(file) && !stripsTypes) {
    const { createJiti } = await import("jiti");
    return createJiti(pathToFileURL(file).href, { fsCache: false, interopDefault: false }).import(file);
  }
  return import(pathToFileURL(file).href);
}
