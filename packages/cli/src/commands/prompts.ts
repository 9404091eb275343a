import { Command } from "commander";
import { printJson } from "../output/print.ts";
import { nonEmpty, wholeNumber } from "./option-values.ts";
import { addRetryLayoutOption, type RetryFlags } from "./retry-options.ts";
import { addTaskOptions, type TaskFlags, toTaskOptions } from "./task-options.ts";

interface PromptsFlags extends TaskFlags, Pick<RetryFlags, "retryLayout"> {
  readonly item?: string;
  readonly seed: number;
  readonly model?: string;
  readonly json?: true;
}

export function promptsCommand(): Command {
  return addRetryLayoutOption(addTaskOptions(new Command("prompts")))
    .summary("show the exact messages of an episode")
    .description(
      "Shows what the model is told at each stage of an episode: attempt, reflection, retry, and retry without a reflection.",
    )
    .argument("<plugin>", "short name, package or path of the task")
    .option("--item <json>", "the problem, as JSON (default: a held-out one of the task)")
    .option("--seed <n>", "which held-out problem", wholeNumber(0), 0)
    .option("--model <name>", "builtin or ./folder: also as this model's chat template shows them", nonEmpty)
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
Examples:
  rrr prompts countdown --item '{"numbers": [25, 7, 8], "target": 24}'
  rrr prompts countdown --retry-layout note
  rrr prompts countdown --model ./my-model`,
    )
    .action(async (plugin: string, flags: PromptsFlags) => {
      const { episodePrompts, loadTask } = await import("@rrr/plugins");
      const { chooseItem } = await import("../prompts/choose-item.ts");
      const { afterTemplate } = await import("../prompts/after-template.ts");
      const { printPrompts } = await import("../prompts/print-prompts.ts");
      const { task } = await loadTask(plugin, toTaskOptions(flags), process.cwd());
      const { model, retryLayout: layout } = flags;
      const prompts = episodePrompts(task, await chooseItem(task, flags.item, flags.seed), { layout });
      const template = model === undefined ? undefined : await afterTemplate(task, prompts, model);
      if (flags.json) printJson(template ? { ...prompts, template } : prompts);
      else printPrompts(prompts, template);
    });
}
