import { RrrError } from "@rrr/core";
import { KINDS, type PluginKind } from "../find/kind.ts";
import { manifestOf } from "../find/manifest.ts";
import { defaultOf, importModule, type Module } from "./import-module.ts";
import { pluginFailed } from "./plugin-failed.ts";
import { specProblem } from "./spec.ts";

/**
 * A plugin's default export: what it is, is not looked at.
 * @throws RrrError `plugin-failed`; `bad-task` or `bad-engine` without one, or where it is for another version
 */
export async function importPlugin(file: string, kind: PluginKind): Promise<unknown> {
  // What is written for another version may not even load.
  checkSpec(manifestOf(file)?.spec, file, kind);
  const module = await load(file);
  const exported = defaultOf(module);
  if (exported !== undefined) return exported;
  const names = Object.keys(module);
  const instead = names.length === 0 ? "nothing at all" : names.join(", ");
  throw new RrrError(`bad-${kind}`, `${file} has no default export; it exports ${instead}`, {
    hint: KINDS[kind].contract,
  });
}

/** @throws RrrError `bad-task` or `bad-engine` for another version of the contract, with what to update */
export function checkSpec(spec: unknown, file: string, kind: PluginKind): void {
  const problem = specProblem(spec, manifestOf(file)?.name, kind);
  if (problem === undefined) return;
  throw new RrrError(`bad-${kind}`, `${file} is ${problem.message}`, { hint: problem.hint });
}

async function load(file: string): Promise<Module> {
  try {
    return await importModule(file);
  } catch (cause) {
    throw RrrError.is(cause, "plugin-failed") ? cause : pluginFailed(file, "loading it threw", cause);
  }
}
