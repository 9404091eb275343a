import { Command } from "commander";
import type { ResumeFlags } from "../resume/resume.ts";
import { addAllowOption } from "./allow-option.ts";
import { dollars, duration, wholeNumber } from "./option-values.ts";
import { collectHeader } from "./request-options.ts";

export function resumeCommand(): Command {
  return addAllowOption(new Command("resume"))
    .summary("resume a run that was interrupted")
    .description(
      "Resumes a run that was stopped, killed or out of budget, with the options that it was begun with. It comes to the\n" +
        "result that it would have had without the interruption.",
    )
    .argument(
      "[run]",
      "folder of the run, or its name below runs/ (default: the newest that is not finished)",
    )
    .option("--retry-errored", "ask once more for what errored")
    .option(
      "--header <name:value>",
      "a header that the run was begun with and whose value it does not keep; may be given again",
      collectHeader,
    )
    .option("--accept-changes", "go on where the task, the model or a version changed; the report says so")
    .option(
      "--force",
      "train where there is nothing to learn from, where memory may be too small, and on where training collapses",
    )
    .option("--max-tokens-total <n>", "a new budget, for what is left to do", wholeNumber(1))
    .option("--max-cost <usd>", "the same in US dollars", dollars)
    .option("--max-time <time>", "the same in time, e.g. 30m or 2h", duration)
    .option("--tensorboard [folder]", "metrics for TensorBoard too (default: as before)")
    .option("--quiet", "nothing but the table")
    .option("--json", "JSON Lines on standard output, the rest on standard error")
    .addHelpText(
      "after",
      `
A run is refused when its task, its model, its settings or a version are no longer what they were; the error says
which. --accept-changes goes on, and the report says that its figures mix both.
A run from elsewhere is data: what it names (plugin, server, key, model) is used only if --allow names it too.

Example:
  rrr resume runs/20261121-141650-countdown`,
    )
    .action(async (run: string | undefined, flags: ResumeFlags) => {
      const { resume } = await import("../resume/resume.ts");
      await resume(run, flags);
    });
}
