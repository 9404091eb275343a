import { Command } from "commander";
import { printJson } from "../output/print.ts";
import { wholeNumber } from "./option-values.ts";
import { addTaskOptions, type TaskFlags, toTaskOptions } from "./task-options.ts";

interface PromptsFlags extends TaskFlags {
  readonly item?: string;
  readonly seed: number;
  readonly json?: true;
}

export function promptsCommand(): Command {
  return addTaskOptions(new Command("prompts"))
    .summary("show the exact messages of an episode")
    .description(
      "Shows what the model is told at each stage of an episode: attempt, reflection, retry, blind retry.",
    )
    .argument("<plugin>", "short name, package or path of the task")
    .option("--item <json>", "the problem, as JSON (default: a held-out one of the task)")
    .option("--seed <n>", "which held-out problem", wholeNumber(0), 0)
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
Example:
  rrr prompts countdown --item '{"numbers": [25, 7, 8], "target": 24}'`,
    )
    .action(async (plugin: string, flags: PromptsFlags) => {
      const { episodePrompts, loadTask } = await import("@rrr/plugins");
      const { chooseItem } = await import("../prompts/choose-item.ts");
      const { printPrompts } = await import("../prompts/print-prompts.ts");
      const { task } = await loadTask(plugin, toTaskOptions(flags), process.cwd());
      const prompts = episodePrompts(task, await chooseItem(task, flags.item, flags.seed));
      if (flags.json) printJson(prompts);
      else printPrompts(prompts);
    });
}
