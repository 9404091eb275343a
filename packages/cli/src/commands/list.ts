import { Command } from "commander";

export function listCommand(): Command {
  return new Command("list")
    .summary("list the tasks that are installed")
    .description(
      "Lists the plugins that can be run by name from here: those of this project, those that came with rrr, and\n" +
        "what npm installed globally. It reads their package.json and runs none of their code.",
    )
    .option("--json", "one JSON document on standard output")
    .action(async (flags: { readonly json?: true }) => {
      const { listPlugins } = await import("../list/list-plugins.ts");
      const { listText } = await import("../list/list-text.ts");
      const plugins = listPlugins(process.cwd());
      process.stdout.write(flags.json ? `${JSON.stringify(plugins)}\n` : listText(plugins));
    });
}
