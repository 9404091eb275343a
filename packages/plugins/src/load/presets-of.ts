import type { Presets } from "@rrr/core";
import { resolvePlugin } from "../find/resolve.ts";
import { importPlugin } from "./import-plugin.ts";

/**
 * The presets that a task's plugin names for runs in which nobody names one; undefined where it names none.
 * @throws RrrError as `loadTask` does for a plugin that cannot be found or imported
 */
export async function presetsOf(name: string, cwd: string = process.cwd()): Promise<Presets | undefined> {
  const exported = await importPlugin(resolvePlugin(name, cwd), "task");
  const { builtin, other } = (exported as { readonly presets?: Partial<Presets> }).presets ?? {};
  return typeof builtin === "string" && typeof other === "string" ? { builtin, other } : undefined;
}
