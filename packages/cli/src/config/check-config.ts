import { nearestName, RrrError } from "@rrr/core";
import type { Command } from "commander";
import { SHORT_OPTIONS } from "../commands/task-options.ts";
import { isRecord, type LoadedConfig } from "./load-config.ts";
import { optionValue } from "./option-value.ts";

/** Options that belong to a task: a configuration has them under `tasks`. */
const OF_TASKS: readonly string[] = [...SHORT_OPTIONS, "task"];
/** Options that make sense for one call alone, and those whose names are an engine's. */
const OF_A_CALL = ["item", "json", "out", "engineOption", "tinker", "plugin"];

/** Defaults by command and option, as the commands' own parsers put them out. */
export type CommandDefaults = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/**
 * Checks all that a configuration says of commands, of those too that do not run now.
 * @param commands what a configuration can have a section for
 * @throws RrrError `bad-argument` that names the file and the key
 */
export function checkConfig({ file, config }: LoadedConfig, commands: readonly Command[]): CommandDefaults {
  const known = new Map(commands.map((command) => [command.name(), command]));
  const defaults = new Map<string, ReadonlyMap<string, unknown>>();
  for (const [name, section] of Object.entries(config)) {
    if (name === "tasks" || section === undefined) continue;
    const command = known.get(name);
    if (command === undefined) throw unknownKey(`${file} has no use for`, name, ["tasks", ...known.keys()]);
    if (!isRecord(section)) throw new RrrError("bad-argument", `${file}: ${name} must be an object`);
    defaults.set(name, checkSection(section, command, file));
  }
  return defaults;
}

function checkSection(
  section: Readonly<Record<string, unknown>>,
  command: Command,
  file: string,
): ReadonlyMap<string, unknown> {
  const known = command.options.map((option) => option.attributeName());
  const names = new Set(known.filter((name) => ![...OF_TASKS, ...OF_A_CALL].includes(name)));
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(section)) {
    if (value === undefined) continue;
    if (!names.has(name)) throw unknownKey(`${file}: ${command.name()} has no option`, name, names);
    const options = command.options.filter((option) => option.attributeName() === name);
    values.set(name, optionValue(options, value, `${file}: ${command.name()}.${name}`));
  }
  return values;
}

function unknownKey(message: string, key: string, known: Iterable<string>): RrrError {
  const names = [...known];
  const nearest = nearestName(key, names);
  const suggestion = OF_TASKS.includes(key)
    ? "Options of a task belong under tasks, by its name. "
    : nearest === undefined
      ? ""
      : `Did you mean "${nearest}"? `;
  return new RrrError("bad-argument", `${message} "${key}"`, {
    hint: `${suggestion}It may be ${names.join(", ")}.`,
  });
}
