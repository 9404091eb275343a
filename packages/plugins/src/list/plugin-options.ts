import { resolvePlugin } from "../find/resolve.ts";
import { importPlugin } from "../load/load-task.ts";

/** An option of a task, as its plugin publishes it with definePlugin() of @rrr/core. */
export interface PluginOption {
  readonly name: string;
  readonly description: string | undefined;
}

/**
 * The options of a plugin's task; its module is loaded for that.
 * @returns undefined if it does not say what they are
 * @throws RrrError as loading the plugin does
 */
export async function pluginOptions(
  plugin: string,
  cwd: string = process.cwd(),
): Promise<readonly PluginOption[] | undefined> {
  const exported = await importPlugin(resolvePlugin(plugin, cwd));
  if (typeof exported !== "function") return [];
  const { options } = exported as { readonly options?: unknown };
  if (typeof options !== "object" || options === null) return undefined;
  return Object.entries(options).map(([name, schema]) => {
    const { description } = (schema ?? {}) as { readonly description?: unknown };
    return { name, description: typeof description === "string" ? description : undefined };
  });
}
