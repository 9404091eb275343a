import { RrrError } from "@rrr/core";
import { Command } from "commander";
import type { ViewFlags } from "../view/view.ts";
import { addIsolationOption } from "./isolation-option.ts";
import { addLimitOptions } from "./limit-options.ts";
import { dollars, duration, nonEmpty, port, wholeNumber } from "./option-values.ts";
import { addTaskOptions } from "./task-options.ts";

export function viewCommand(): Command {
  const command = new Command("view")
    .summary("look at runs in a browser, while they go on and afterwards")
    .description(
      "A page on this machine: runs and their learning curves, every episode with its texts, verdicts and tokens, and\n" +
        "two runs problem by problem. It reads runs, and neither writes to them nor loads code that they name.",
    )
    .argument("[runs...]", "runs by name or folder (default: all below runs/)")
    .option("--port <n>", "port to listen on; 0 takes a free one (default: 8411, or a free one)", port)
    .option("--no-open", "print the address, and open no browser")
    .option("--json", "the address as one JSON document on standard output")
    .option(
      "--plugin <name>",
      "a task to try in the page: short name, package or path; its code is loaded",
      nonEmpty,
    )
    .option(
      "--model <name>",
      "with --plugin: a model to ask: builtin, ./folder, openai:NAME or transformers:ID",
      nonEmpty,
    )
    .option("--base-url <url>", "server of openai:NAME", nonEmpty)
    .option(
      "--api-key-env <name>",
      "environment variable that holds the key (default: OPENAI_API_KEY)",
      nonEmpty,
    )
    .option(
      "--max-tokens-total <n>",
      "ask nothing more once so many tokens are used, prompts included",
      wholeNumber(1),
    )
    .option("--max-cost <usd>", "ask nothing more once it cost so many US dollars; needs --prices", dollars)
    .option("--max-time <time>", "ask nothing more after this time, e.g. 30m or 2h", duration)
    .option(
      "--prices <file>",
      'JSON: {"NAME": {"input": 0.15, "output": 0.6}}, US dollars per million tokens',
      nonEmpty,
    );
  return addIsolationOption(addTaskOptions(addLimitOptions(command)))
    .addHelpText(
      "after",
      `
It listens on 127.0.0.1 alone, and goes on until Ctrl-C. The address has a token in it: who has not got it sees nothing.
A search index of each run is kept in rrr's cache folder, never in the run's.

Examples:
  rrr view
  rrr view mini large --no-open --port 9000
  rrr view --plugin countdown --model builtin       try answers, and watch the model try`,
    )
    .action(async (runs: readonly string[], flags: ViewFlags, command: Command) => {
      if (flags.plugin === undefined && command.getOptionValueSource("model") === "cli") {
        throw new RrrError("bad-argument", "--model says who is asked, and not what", {
          hint: "Name the task with --plugin.",
        });
      }
      const { view } = await import("../view/view.ts");
      await view(runs, flags);
    });
}
