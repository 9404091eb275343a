import { Command } from "commander";
import { cacheCommand } from "./commands/cache.ts";
import { checkCommand } from "./commands/check.ts";
import { compareCommand } from "./commands/compare.ts";
import { evalCommand } from "./commands/eval.ts";
import { exportCommand } from "./commands/export.ts";
import { exportModelCommand } from "./commands/export-model.ts";
import { initCommand } from "./commands/init.ts";
import { listCommand } from "./commands/list.ts";
import { modelsCommand } from "./commands/models.ts";
import { optionTerm } from "./commands/named-options.ts";
import { nonEmpty } from "./commands/option-values.ts";
import { plotCommand } from "./commands/plot.ts";
import { promptsCommand } from "./commands/prompts.ts";
import { pullCommand } from "./commands/pull.ts";
import { reportCommand } from "./commands/report.ts";
import { resumeCommand } from "./commands/resume.ts";
import { reverifyCommand } from "./commands/reverify.ts";
import { runCommand } from "./commands/run.ts";
import { runsCommand } from "./commands/runs.ts";
import { scoreCommand } from "./commands/score.ts";
import { serveCommand } from "./commands/serve.ts";
import { showCommand } from "./commands/show.ts";
import { verifyCommand } from "./commands/verify.ts";
import { viewCommand } from "./commands/view.ts";
import { applyConfig } from "./config/apply-config.ts";
import { print, stdout } from "./output/print.ts";
import { reportStuck } from "./output/stuck.ts";
import { terminalColumns } from "./output/terminal-columns.ts";
import { ownVersion } from "./own-version.ts";

/** Of help that no terminal shows. */
const PLAIN_WIDTH = 80;

/** The command line. Commands import their work only when they run, so that `--help` is immediate. */
export function createProgram(): Command {
  const program = new Command("rrr")
    .description("Reflect, Retry, Reward: improve a language model by nothing but a pass/fail check.")
    .version(ownVersion(), "-V, --version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show a command's help")
    .option(
      "--config <file>",
      "options from this file (default: rrr.config.ts, .js, .mjs or .json, if there is one)",
      nonEmpty,
    )
    .option("--no-config", "options from the command line alone")
    .configureHelp({ optionTerm, commandDescription, showGlobalOptions: true })
    .hook("preAction", async (program, command) => {
      const { limitPlugins } = await import("./output/patience.ts");
      limitPlugins(reportStuck);
      await applyConfig(program, command);
    });
  for (const command of [
    runCommand(),
    evalCommand(),
    resumeCommand(),
    runsCommand(),
    showCommand(),
    viewCommand(),
    reportCommand(),
    scoreCommand(),
    compareCommand(),
    reverifyCommand(),
    plotCommand(),
    exportCommand(),
    verifyCommand(),
    promptsCommand(),
    initCommand(),
    checkCommand(),
    listCommand(),
    modelsCommand(),
    pullCommand(),
    exportModelCommand(),
    serveCommand(),
    cacheCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
    for (const inner of command.commands) inner.copyInheritedSettings(command);
  }
  program.addHelpText(
    "after",
    `
A plugin is a short name (countdown, function-calling), a package (@rrr/task-countdown) or a path (./my-task.js).

Examples:
  rrr run countdown                                train the built-in model and show what it gained
  rrr eval countdown --model openai:gpt-4o-mini    measure a model that cannot be trained
  rrr verify countdown < in.jsonl                  score what any other program produced
  rrr prompts countdown                            what the model is shown in an episode

Two hosted models, from a key to a report (docs/evaluate.md has what each prints):
  export OPENAI_API_KEY=…                 of another server: OPENAI_BASE_URL too
  rrr models --check                      the models that the key may use
  rrr eval countdown --model openai:gpt-4o-mini --limit 50 --out runs/mini
  rrr eval countdown --model openai:gpt-4o --limit 50 --out runs/large
  rrr compare mini large                  which is better, what differs, and where
  rrr show mini --failed                  why: every text of what failed
  rrr report mini large --out report.html to send: tables, episodes, comparison in one file`,
  );
  for (const command of withSubcommands(program)) {
    // Errors are printed in one place, with a code: see output/report-error.ts.
    command.exitOverride().configureOutput({
      outputError: () => {},
      writeOut: print,
      getOutHelpWidth: () => terminalColumns(stdout) ?? PLAIN_WIDTH,
    });
  }
  return program;
}

/** The lines of the source are not those of the terminal. */
function commandDescription(command: Command): string {
  return command.description().replaceAll("\n", " ");
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
