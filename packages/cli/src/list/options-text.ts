import { visibleLine } from "@rrr/core";
import type { PluginOptions } from "@rrr/plugins";
import { SHORT_OPTIONS } from "../commands/task-options.ts";

/** A line an option; those of a task as they are written on the command line. */
export function optionsText(plugin: string, { kind, options }: PluginOptions): string {
  if (options === undefined) return `${plugin} takes options, and does not say which.\n`;
  if (options.length === 0) return `${plugin} takes no options.\n`;
  const terms = options.map(({ name }) => visibleLine(kind === "engine" ? name : flagOf(name)));
  const width = Math.max(...terms.map((term) => term.length));
  const lines = options.map(({ description = "" }, i) =>
    `  ${terms[i]?.padEnd(width)}  ${visibleLine(description)}`.trimEnd(),
  );
  return `Options of ${plugin}:\n${lines.join("\n")}\n`;
}

function flagOf(name: string): string {
  const isShort = (SHORT_OPTIONS as readonly string[]).includes(name);
  return isShort ? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` : `--task.${name}`;
}
