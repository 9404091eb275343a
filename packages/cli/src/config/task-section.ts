import { realpathSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { RrrError } from "@rrr/core";
import type { TaskOptions } from "@rrr/plugins";
import { resolvePlugin } from "@rrr/plugins";
import { blame } from "./blame.ts";
import { isRecord, type LoadedConfig } from "./load-config.ts";

/**
 * A plugin's options in a configuration, by whatever name: `countdown` and `@rrr/task-countdown` are the same.
 * @throws RrrError `bad-argument` that names the file and the key; `plugin-not-found`
 */
export function taskSection({ file, config }: LoadedConfig, plugin: string, cwd: string): TaskOptions {
  const { tasks = {} } = config;
  if (!isRecord(tasks)) throw new RrrError("bad-argument", `${file}: tasks must be an object`);
  const sections = Object.entries(tasks).filter(([, section]) => section !== undefined);
  // Where there is nothing to choose from, to look for the plugin is the command's business.
  if (sections.length === 0) return {};
  const wanted = realpathSync(resolvePlugin(plugin, cwd));
  const options = sections.map(([name, section]) => {
    const where = `${file}: tasks[${JSON.stringify(name)}]`;
    const given = toData(section);
    if (given === undefined) {
      throw new RrrError("bad-argument", `${where} must be an object of plain data, as JSON can say it`);
    }
    return fileOf(name, where, cwd) === wanted ? given : {};
  });
  return Object.assign({}, ...options);
}

/** Options travel to the processes in which verifiers run. What is undefined was left out. */
function toData(section: unknown): TaskOptions | undefined {
  if (!isRecord(section)) return undefined;
  try {
    const given = Object.fromEntries(Object.entries(section).filter(([, value]) => value !== undefined));
    return isDeepStrictEqual(JSON.parse(JSON.stringify(given)), given) ? given : undefined;
  } catch {
    return undefined;
  }
}

function fileOf(name: string, where: string, cwd: string): string | undefined {
  try {
    return realpathSync(resolvePlugin(name, cwd));
  } catch (cause) {
    // A plugin that is installed but broken is no misspelling.
    if (!RrrError.is(cause, "plugin-not-found")) return undefined;
    throw blame(where, cause);
  }
}
