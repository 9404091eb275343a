import { RrrError } from "@rrr/core";
import { kindOfSpec, type PluginKind } from "../find/kind.ts";
import { resolvePlugin } from "../find/resolve.ts";
import { importPlugin } from "../load/import-plugin.ts";

/** An option, as a plugin publishes it with definePlugin() of @rrr/core or defineEngine() of @rrr/trainer. */
export interface PluginOption {
  readonly name: string;
  readonly description: string | undefined;
}

export interface PluginOptions {
  readonly kind: PluginKind;
  /** Undefined if the plugin does not say what they are. */
  readonly options: readonly PluginOption[] | undefined;
}

/**
 * The options of a task or an engine; its module is loaded for that. A name that both have is the task's.
 * @throws RrrError as loading the plugin does
 */
export async function pluginOptions(plugin: string, cwd: string = process.cwd()): Promise<PluginOptions> {
  const { file, kind: wanted } = resolveEither(plugin, cwd);
  const exported = await importPlugin(file, wanted);
  const { spec, options } = exported as { readonly spec?: unknown; readonly options?: unknown };
  const kind = typeof spec === "string" ? kindOfSpec(spec) : wanted;
  if (kind === "task" && typeof exported !== "function") return { kind, options: [] };
  return { kind, options: listed(options) };
}

function resolveEither(plugin: string, cwd: string): { readonly file: string; readonly kind: PluginKind } {
  try {
    return { file: resolvePlugin(plugin, cwd, "task"), kind: "task" };
  } catch (error) {
    if (!RrrError.is(error, "plugin-not-found")) throw error;
    try {
      return { file: resolvePlugin(plugin, cwd, "engine"), kind: "engine" };
    } catch {
      throw error;
    }
  }
}

function listed(options: unknown): readonly PluginOption[] | undefined {
  if (typeof options !== "object" || options === null) return undefined;
  return Object.entries(options).map(([name, schema]) => {
    const { description } = (schema ?? {}) as { readonly description?: unknown };
    return { name, description: typeof description === "string" ? description : undefined };
  });
}
