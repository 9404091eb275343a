import { pathToFileURL } from "node:url";
import { isOwn } from "../find/places.ts";
import { guarded } from "../guard/guard.ts";

export type Module = Readonly<Record<string, unknown>>;

/** What Node says where it can do no more than strip types: of enums and the like, and of packages in TypeScript. */
const NEEDS_COMPILER = ["ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX", "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING"];

/**
 * Imports a module by file, TypeScript too. Node from 22.18 on strips types itself; for the versions before it, and for
 * what needs more than that, there is jiti. Its cache is off: it would leave files in the user's project.
 */
export function importModule(file: string): Promise<Module> {
  return isOwn(file) ? load(file) : guarded(`loading ${file}`, () => load(file));
}

async function load(file: string): Promise<Module> {
  const { href } = pathToFileURL(file);
  const stripsTypes = "typescript" in process.features && Boolean(process.features.typescript);
  if (!/\.m?ts$/.test(file)) return import(href);
  if (stripsTypes) {
    try {
      return await import(href);
    } catch (error) {
      const { code = "" } = (error ?? {}) as { readonly code?: string };
      if (!NEEDS_COMPILER.includes(code)) throw error;
    }
  }
  const { createJiti } = await import("jiti");
  return createJiti(href, { fsCache: false, interopDefault: false }).import(file);
}

/** A module's default export. Compiled to CommonJS, `export default` arrives one level down. */
export function defaultOf(module: Module): unknown {
  const exported = module.default;
  const isInterop = typeof exported === "object" && exported !== null && "__esModule" in exported;
  return isInterop ? (exported as { readonly default?: unknown }).default : exported;
}
