import { RrrError } from "@rrr/core";
import type { Command } from "commander";
import { SHORT_OPTIONS } from "../commands/task-options.ts";
import { say } from "../output/print.ts";
import { blame } from "./blame.ts";
import { checkConfig } from "./check-config.ts";
import { loadConfig } from "./load-config.ts";
import { taskSection } from "./task-section.ts";

/** What a command took from a configuration, for messages. */
interface UsedConfig {
  readonly file: string;
  /** The task's options that no flag overrode. */
  readonly taskOptions: readonly string[];
}

/**
 * Gives a command that is about to run what the configuration says, wherever the command line says nothing. Only
 * commands that take a task's options have defaults.
 * @throws RrrError `bad-argument` that names the file and the key
 */
export async function applyConfig(program: Command, command: Command): Promise<void> {
  if (!takesTask(command)) return;
  const cwd = process.cwd();
  const loaded = await loadConfig(program.opts().config, cwd);
  if (loaded === undefined) return;
  const defaults = checkConfig(loaded, program.commands.filter(takesTask)).get(command.name()) ?? new Map();
  for (const [name, value] of defaults) {
    if (isOpen(command, name)) command.setOptionValueWithSource(name, value, "config");
  }
  const plugin = pluginOf(command);
  const section = plugin === undefined ? {} : taskSection(loaded, plugin, cwd);
  const { task: flags = {}, quiet, ...others } = command.opts();
  if (Object.keys(section).length > 0) {
    command.setOptionValueWithSource("task", { ...section, ...flags }, "config");
  }
  const overridden = [...Object.keys(flags), ...SHORT_OPTIONS.filter((name) => others[name] !== undefined)];
  const used: UsedConfig = {
    file: loaded.file,
    taskOptions: Object.keys(section).filter((name) => !overridden.includes(name)),
  };
  program.setOptionValue("usedConfig", used);
  command.setOptionValue("configFile", loaded.file);
  command.setOptionValue("configuredTaskOptions", used.taskOptions);
  if (!quiet)
    say(`configuration: ${loaded.file}
`);
}

/** An error about an option of the task, with the configuration's name where that is where the option comes from. */
export function blameConfig(error: unknown, program: Command): unknown {
  const { file, taskOptions }: Partial<UsedConfig> = program.opts().usedConfig ?? {};
  if (!RrrError.is(error, "bad-argument") || taskOptions === undefined) return error;
  const isMeant = taskOptions.some((option) => error.message.includes(`"${option}"`));
  return isMeant ? blame(`${file}, tasks`, error) : error;
}

function takesTask(command: Command): boolean {
  return command.options.some((option) => option.attributeName() === "task");
}

function isOpen(command: Command, option: string): boolean {
  const source = command.getOptionValueSource(option);
  return source === undefined || source === "default";
}

/** The task as the command line names it, if it does. */
function pluginOf(command: Command): string | undefined {
  const index = command.registeredArguments.findIndex((argument) => argument.name() === "plugin");
  return command.processedArgs[index] ?? command.opts().plugin;
}
