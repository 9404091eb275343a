import { Command } from "commander";
import { wholeNumber } from "./option-values.ts";
import { toPluginOptions } from "./verify.ts";

interface PromptsFlags {
  readonly item?: string;
  readonly preset?: string;
  readonly seed: number;
  readonly json?: true;
}

export function promptsCommand(): Command {
  return new Command("prompts")
    .summary("show the exact messages of an episode")
    .description(
      "Shows what the model is told at each stage of an episode: attempt, reflection, retry, blind retry.",
    )
    .argument("<plugin>", "short name, package or path of the task")
    .option("--item <json>", "the problem, as JSON (default: a held-out one of the task)")
    .option("--preset <name>", "one of the task's own presets")
    .option("--seed <n>", "which held-out problem", wholeNumber(0), 0)
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
Example:
  rrr prompts countdown --item '{"numbers": [25, 7, 8], "target": 24}'`,
    )
    .action(async (plugin: string, flags: PromptsFlags) => {
      const { loadTask } = await import("../plugins/load-task.ts");
      const { chooseItem, episodePrompts } = await import("../prompts/episode-prompts.ts");
      const { printPrompts } = await import("../prompts/print-prompts.ts");
      const { task } = await loadTask(plugin, toPluginOptions(flags), process.cwd());
      const prompts = episodePrompts(task, await chooseItem(task, flags.item, flags.seed));
      if (flags.json) process.stdout.write(`${JSON.stringify(prompts)}\n`);
      else printPrompts(prompts);
    });
}
