import { importPlugin } from "../plugins/load-task.ts";
import { resolvePlugin } from "../plugins/resolve.ts";

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

/** A line an option, as it is written on the command line. */
export function optionsText(plugin: string, options: readonly PluginOption[] | undefined): string {
  if (options === undefined) return `${plugin} takes options, and does not say which.\n`;
  if (options.length === 0) return `${plugin} takes no options.\n`;
  const terms = options.map(({ name }) => (SHORT.includes(name) ? `--${name}` : `--task.${name}`));
  const width = Math.max(...terms.map((term) => term.length));
  const lines = options.map(({ description = "" }, i) =>
    `  ${terms[i]?.padEnd(width)}  ${description}`.trimEnd(),
  );
  return `Options of ${plugin}:\n${lines.join("\n")}\n`;
}

/** Options that the command line knows by name. */
const SHORT = ["preset", "data"];
