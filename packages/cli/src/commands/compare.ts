import { Command } from "commander";
import { print, printJson, stdout } from "../output/print.ts";

export function compareCommand(): Command {
  return new Command("compare")
    .summary("two runs side by side, paired problem by problem")
    .description(
      "Compares the evaluations of two runs on the problems that both have: every measure with its difference, its\n" +
        "interval and a test, the settings that differ, and the problems that only one of them solves.",
    )
    .argument("<A>", "a run: folder or name; name:before is its evaluation before training")
    .argument("<B>", "the run that is compared with it")
    .option("--json", "one object on standard output, with every problem that flipped")
    .addHelpText(
      "after",
      `
Examples:
  rrr compare 20261121-141650-countdown 20261121-150210-countdown
  rrr compare runs/a:before runs/a               one run before and after training`,
    )
    .action(async (first: string, second: string, flags: { readonly json?: true }) => {
      const { compareRuns, comparisonText } = await import("@rrr/runs");
      const { terminalColumns } = await import("../output/terminal-columns.ts");
      const comparison = compareRuns(first, second, process.cwd());
      if (flags.json) printJson(comparison);
      else print(comparisonText(comparison, { columns: terminalColumns(stdout) }));
    });
}
