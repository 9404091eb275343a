import { Command, Option } from "commander";
import type { ServeFlags } from "../serve/serve.ts";
import { addEngineOptions } from "./engine-options.ts";
import { addIsolationOption } from "./isolation-option.ts";
import { optionTerm } from "./named-options.ts";
import { nonEmpty, port, wholeNumber } from "./option-values.ts";
import { addRetryLayoutOption } from "./retry-options.ts";
import { addTaskOptions } from "./task-options.ts";

export function serveCommand(): Command {
  const command = new Command("serve")
    .summary("serve a task with its verifier, or a model to train, over HTTP")
    .description(
      "Serves a task: programs in any language get its problems, verdicts and whole episodes. Or, with --tinker, an engine\n" +
        "behind the Tinker protocol: `rrr run --engine tinker` trains on it from another process or machine, and so do\n" +
        "other clients; each has weights of its own.",
    )
    .argument("[plugin]", "short name, package or path of the task")
    .option("--port <n>", "port to listen on; 0 takes a free one", port, 8410)
    .option("--host <address>", "address to listen on; any other needs --api-key-env", nonEmpty, "127.0.0.1")
    .option(
      "--api-key-env <name>",
      "environment variable with the key that clients must send (default: none is asked for)",
      nonEmpty,
    );
  const both = command.options.length;
  addRetryLayoutOption(addIsolationOption(addTaskOptions(command)))
    .addOption(
      new Option("--protocol <name>", "whose requests the task answers")
        .choices(["rrr", "nemo-gym", "openrlhf", "openenv"])
        .default("rrr"),
    )
    .option("--seed <n>", "of the task's problems", wholeNumber(0), 0)
    .option("--max-batch <n>", "most completions, or problems, of one request", wholeNumber(1), 1_024)
    .option("--max-body <mib>", "most MiB of one request", wholeNumber(1, 256), 16);
  const ofTasks = command.options.slice(both);
  const ofModels = addEngineOptions(command)
    .option("--tinker <model>", "builtin, builtin:TASK, or a folder in Hugging Face layout", nonEmpty)
    .option("--name <name>", "what clients call the model (default: the folder's)", nonEmpty)
    .option("--lora", "train adapters of the rank that each client asks for, in place of all weights")
    .option("--checkpoints <folder>", "where clients' checkpoints are kept", nonEmpty, "tinker-checkpoints")
    .options.slice(both + ofTasks.length);
  /** Those of the command line: a configuration has defaults for both. */
  const given = (options: readonly Option[]): readonly string[] =>
    options
      .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
      .map((option) => optionTerm(option).replace(/ .*/, ""));
  return command
    .addHelpText(
      "after",
      `
It serves until Ctrl-C. A model whose client sends no heartbeat for five minutes is dropped; checkpoints stay. A verdict
that could not be reached is never sent as a reward.

Examples:
  rrr serve countdown
  rrr serve ./my-task.ts --protocol openenv --port 8000
  rrr serve --tinker builtin
  rrr run countdown --engine tinker --base-url http://127.0.0.1:8410`,
    )
    .action(async (plugin: string | undefined, flags: ServeFlags) => {
      const { serve } = await import("../serve/serve.ts");
      await serve(plugin, flags, { task: given(ofTasks), model: given(ofModels) });
    });
}
