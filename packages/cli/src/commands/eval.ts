import { Command } from "commander";
import type { EvalFlags } from "../eval/eval.ts";
import { addEngineOptions } from "./engine-options.ts";
import { addIsolationOption } from "./isolation-option.ts";
import { addLimitOptions, toRequestedLimits } from "./limit-options.ts";
import { addModelOptions } from "./model-options.ts";
import { nonEmpty, number, wholeNumber } from "./option-values.ts";
import { addRetryOptions } from "./retry-options.ts";
import { addTaskOptions } from "./task-options.ts";

export function evalCommand(): Command {
  const command = addIsolationOption(addTaskOptions(new Command("eval")));
  return addRetryOptions(addEngineOptions(addLimitOptions(addModelOptions(command))))
    .summary("measure any model on a task: first try, after reflection, controls")
    .description(
      "Asks a model for attempts at held-out problems, for reflections on those that failed and for retries, and\n" +
        "compares that with what a retry without a reflection, another's reflection and more attempts give.",
    )
    .argument("<plugin>", "short name, package or path of the task")
    .option("--limit <n>", "held-out problems (default: 200; with --split all, all)", wholeNumber(1))
    .option("--samples <k>", "episodes of each problem: pass@k, and narrower intervals", wholeNumber(1), 1)
    .option("--rounds <n>", "reflections, with a retry each, after a failed attempt", wholeNumber(1), 1)
    .option("--temperature <t>", "0 is greedy", number(0, 2), 1)
    .option("--seed <n>", "of the problems and the sampling", wholeNumber(0), 0)
    .option("--no-controls", "only first try and after reflection: about half of the requests")
    .option("--greedy", "the problems once more at temperature 0")
    .option(
      "--fail-below <measure=share>",
      "exit code 3 below this share, e.g. after=0.4; may be given again",
      collectBar,
    )
    .option("--max-errored <percent>", "exit code 4 if more problems errored (default: 5)", number(0, 100))
    .option("--out <folder>", "run folder (default: runs/<time>-<task>)", nonEmpty)
    .option("--quiet", "nothing but the table")
    .option("--json", "JSON Lines on standard output, the rest on standard error")
    .addHelpText(
      "after",
      `
The built-in model gets small problems and short answers; any other gets larger problems and room to think, 4,096 tokens
an answer. --preset and --max-tokens change this, and the report says what was taken.
A header whose value may be a secret is sent and not kept; \`rrr resume\` wants it again. Of a server that is not on
this network, the number of requests is said before the first of them, and with --prices what they are likely to cost.

Ctrl-C, a crash or a spent budget lose nothing that was answered: \`rrr resume\` goes on. \`rrr compare\` sets two runs
side by side. Exit code: 0, 3 when a share is below --fail-below or may be, 4 when too many problems errored
to tell, 1 for any other trouble, 2 for a wrong command line.

Examples:
  rrr eval countdown                                            the built-in model
  rrr eval countdown --model openai:gpt-4o-mini --limit 50      a hosted one; its key is in OPENAI_API_KEY
  rrr eval countdown --model openai:qwen --base-url http://127.0.0.1:8080/v1
  rrr eval countdown --model openai:o4-mini --reasoning-effort low --body '{"temperature": null, "seed": null}'
  rrr eval countdown --model ./runs/a/checkpoints/step-000100 --samples 4
  rrr eval ./my-task.js --fail-below after=0.4                  in CI`,
    )
    .action(async (plugin: string, flags: EvalFlags, command: Command) => {
      const { evaluatePlugin } = await import("../eval/eval.ts");
      await evaluatePlugin(plugin, flags, toRequestedLimits(flags, command));
    });
}

/** Which measures there are, is known where they are measured: see eval/eval.ts. */
function collectBar(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
