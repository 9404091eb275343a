import { Command } from "commander";
import { print, printJson } from "../output/print.ts";

export function listCommand(): Command {
  return new Command("list")
    .summary("list the tasks and engines that are installed, or the options of one")
    .description(
      "Lists the tasks and engines that can be used by name from here: those of this project, those that came with\n" +
        "rrr, and what npm installed globally. It reads their package.json and runs none of their code. With a\n" +
        "plugin's name, it loads that one and lists its options.",
    )
    .argument("[plugin]", "short name, package or path of the task or engine")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
Examples:
  rrr list
  rrr list countdown`,
    )
    .action(async (plugin: string | undefined, flags: { readonly json?: true }) => {
      const write = (value: unknown, text: string) => (flags.json ? printJson(value) : print(text));
      if (plugin === undefined) {
        const { listPlugins } = await import("@rrr/plugins");
        const { listText } = await import("../list/list-text.ts");
        const plugins = listPlugins();
        write(plugins, listText(plugins));
      } else {
        const { pluginOptions } = await import("@rrr/plugins");
        const { optionsText } = await import("../list/options-text.ts");
        const found = await pluginOptions(plugin);
        write({ plugin, kind: found.kind, options: found.options ?? null }, optionsText(plugin, found));
      }
    });
}
