import { Command } from "commander";
import type { RunFlags } from "../run/run.ts";
import { addEngineOptions, addLoraOptions, addRemoteEngineOptions } from "./engine-options.ts";
import { addIsolationOption } from "./isolation-option.ts";
import { addLimitOptions, toRequestedLimits } from "./limit-options.ts";
import { nonEmpty, number, wholeNumber } from "./option-values.ts";
import { addRetryOptions } from "./retry-options.ts";
import { addTaskOptions } from "./task-options.ts";
import { addTrainOptions } from "./train-options.ts";

export function runCommand(): Command {
  const command = addIsolationOption(addTaskOptions(new Command("run")));
  const engine = addRemoteEngineOptions(addLoraOptions(addEngineOptions(addLimitOptions(command))));
  return addTrainOptions(addRetryOptions(engine))
    .summary("improve a model on a task, and show what it gained")
    .description(
      "Evaluates a model on held-out problems, collects its failures, rewards the reflections that led to a\n" +
        "right retry, and evaluates again: first try, after reflection, and the controls, with intervals.",
    )
    .argument("[plugin]", "short name, package or path of the task", "countdown")
    .option("--seed <n>", "of the problems, the sampling and the training", wholeNumber(0), 0)
    .option("--limit <n>", "held-out problems to evaluate on (default: 500)", wholeNumber(1))
    .option(
      "--model <folder>",
      "builtin, a folder in Hugging Face layout, a run, or a name that the engine knows",
      nonEmpty,
      "builtin",
    )
    .option("--out <folder>", "run folder (default: runs/<time>-<task>)", nonEmpty)
    .option("--max-errored <percent>", "exit code 4 if more problems errored (default: 5)", number(0, 100))
    .option("--no-train", "evaluate only")
    .option("--tensorboard [folder]", "metrics for TensorBoard too (default: tensorboard/ in the run folder)")
    .option("--quiet", "nothing but the table")
    .option("--json", "JSON Lines on standard output, the rest on standard error")
    .addHelpText(
      "after",
      `
Progress goes to standard error, the table to standard output. Ctrl-C ends within a second and keeps every finished
problem and step, failures that were collected too; \`rrr resume\` takes it up. The same seed gives the same table on
the same kind of machine; another CPU rounds otherwise, and comes to other figures. run.db in the run folder is an SQLite database (docs/run-store.md);
checkpoints/ holds the newest models.

Examples:
  rrr run countdown                          the default: three to ten minutes on two cores
  rrr run countdown --steps 5 --limit 100    a quick look
  rrr run function-calling                   the other task, with a model of its own
  rrr run countdown --reward random          the negative control
  rrr run ./my-task.js --model ./my-model    your task, your model
  rrr run ./my-task.js --model ./my-model --lora 16 --kl 0.03    a larger one: an adapter beside its weights
  rrr run countdown --engine tinker --base-url http://127.0.0.1:8410
  rrr run countdown --engine tfjs            on TensorFlow.js, where it is installed; far slower
  rrr run countdown --kl 0.001 --normalization dr_grpo --clip 0.2,0.28`,
    )
    .action(async (plugin: string, flags: RunFlags, command: Command) => {
      const { run } = await import("../run/run.ts");
      await run(plugin, flags, toRequestedLimits(flags, command));
    });
}
