import { Command, Option } from "commander";
import type { RunFlags } from "../run/run.ts";
import { addIsolationOption } from "./isolation-option.ts";
import { nonEmpty, wholeNumber } from "./option-values.ts";
import { addTaskOptions } from "./task-options.ts";

export function runCommand(): Command {
  return addIsolationOption(addTaskOptions(new Command("run")))
    .summary("improve a model on a task, and show what it gained")
    .description(
      "Evaluates a model on held-out problems, collects its failures, rewards the reflections that led to a\n" +
        "right retry, and evaluates again: first try, after reflection, and the controls, with intervals.",
    )
    .argument("[plugin]", "short name, package or path of the task", "countdown")
    .option("--steps <n>", "optimiser steps (default: the settings')", wholeNumber(1))
    .option("--seed <n>", "the same seed gives the same table, digit for digit", wholeNumber(0), 0)
    .option("--limit <n>", "held-out problems to evaluate on (default: the settings')", wholeNumber(1))
    .option("--model <folder>", "builtin, or a model folder in Hugging Face layout", nonEmpty, "builtin")
    .addOption(
      new Option("--settings <name>", "builtin suits a few CPU cores, paper is the published method's")
        .choices(["builtin", "paper"])
        .default("builtin"),
    )
    .addOption(
      new Option("--reward <kind>", "random is a control: it must teach nothing")
        .choices(["retry", "random"])
        .default("retry"),
    )
    .option("--out <folder>", "run folder (default: runs/<time>-<task>)", nonEmpty)
    .option("--no-train", "evaluate only")
    .option("--quiet", "nothing but the table")
    .option("--json", "JSON Lines on standard output, the rest on standard error")
    .addHelpText(
      "after",
      `
Progress goes to standard error, the table to standard output. Ctrl-C ends within a second and keeps every finished
problem and step; \`rrr resume\` goes on. run.db in the run folder is an SQLite database (docs/run-store.md);
checkpoints/ holds the newest models.

Examples:
  rrr run countdown                          the default: about ten minutes on two cores
  rrr run countdown --steps 5 --limit 100    a quick look
  rrr run function-calling                   the other task, with a model of its own
  rrr run countdown --reward random          the negative control
  rrr run ./my-task.js --model ./my-model    your task, your model`,
    )
    .action(async (plugin: string, flags: RunFlags) => {
      const { run } = await import("../run/run.ts");
      await run(plugin, flags);
    });
}
