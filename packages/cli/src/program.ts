import { Command } from "commander";
import { checkCommand } from "./commands/check.ts";
import { initCommand } from "./commands/init.ts";
import { listCommand } from "./commands/list.ts";
import { promptsCommand } from "./commands/prompts.ts";
import { runCommand } from "./commands/run.ts";
import { verifyCommand } from "./commands/verify.ts";
import { ownVersion } from "./own-version.ts";

/** The command line. Commands import their work only when they run, so that `--help` is immediate. */
export function createProgram(): Command {
  const program = new Command("rrr")
    .description("Reflect, Retry, Reward: improve a language model by nothing but a pass/fail check.")
    .version(ownVersion(), "-V, --version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show a command's help");
  for (const command of [
    runCommand(),
    verifyCommand(),
    promptsCommand(),
    initCommand(),
    checkCommand(),
    listCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  program.addHelpText(
    "after",
    `
A plugin is a short name (countdown, function-calling), a package (@rrr/task-countdown) or a path (./my-task.js).

Examples:
  rrr run countdown              train the built-in model and show what it gained
  rrr verify countdown < in.jsonl    score what any other program produced
  rrr prompts countdown          what the model is shown in an episode`,
  );
  for (const command of [program, ...program.commands]) {
    // Errors are printed in one place, with a code: see output/report-error.ts.
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  return program;
}
