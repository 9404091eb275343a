import { Command } from "commander";
import { failWith } from "../output/finish.ts";
import { print, printJson } from "../output/print.ts";
import { wholeNumber } from "./option-values.ts";
import { addTaskOptions, type TaskFlags, toTaskOptions } from "./task-options.ts";

interface CheckFlags extends TaskFlags {
  readonly seed: number;
  readonly count: number;
  readonly patience: number;
  readonly json?: true;
}

export function checkCommand(): Command {
  return addTaskOptions(new Command("check"))
    .summary("check that a task keeps the contract")
    .description(
      "Runs the conformance suite on a plugin, in a process of its own: items and splits, golds, prompts, hostile\n" +
        "outputs, what a verdict costs, and what the request for a reflection tells.",
    )
    .argument("<plugin>", "short name, package or path of the task")
    .option("--seed <n>", "seed of the items", wholeNumber(0), 0)
    .option("--count <n>", "items looked at per split", wholeNumber(1), 100)
    .option("--patience <s>", "seconds without an answer after which the plugin hangs", wholeNumber(1), 30)
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
Exit code 0 without findings, 1 with any. docs/write-a-task.md explains each code.

Example:
  rrr check ./src/index.ts`,
    )
    .action(async (plugin: string, flags: CheckFlags) => {
      const { checkPlugin } = await import("@rrr/plugins");
      const { checkText } = await import("../check/check-text.ts");
      const { seed, count, patience } = flags;
      const settings = { options: toTaskOptions(flags), seed, count, patienceMs: patience * 1_000 };
      const report = await checkPlugin(plugin, settings);
      if (flags.json) printJson(report);
      else print(checkText(report));
      if (report.findings.length > 0) failWith(1);
    });
}
