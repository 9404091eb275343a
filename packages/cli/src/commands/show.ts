import { REPORT_FORMATS } from "@rrr/runs";
import { Command, Option } from "commander";
import type { ShowSettings } from "../runs/show.ts";
import { wholeNumber } from "./option-values.ts";

export function showCommand(): Command {
  return new Command("show")
    .summary("show a run: its table, or its texts")
    .description("What a run has come to, also while it goes on or after it was interrupted.")
    .argument("<run>", "folder of the run, or its name below runs/")
    .option("--problem <n>", "every text of this held-out problem", wholeNumber(0))
    .option("--failed", "every text of the held-out problems that failed after reflection, or errored")
    .addOption(
      new Option("--format <name>", "its table for other programs")
        .choices(REPORT_FORMATS)
        .conflicts(["problem", "failed", "json"]),
    )
    .option("--json", "one object on standard output; with texts, an object a line")
    .addHelpText(
      "after",
      `
Examples:
  rrr show runs/20261121-141650-countdown
  rrr show 20261121-141650-countdown --problem 12
  rrr show 20261121-141650-countdown --format latex > table.tex`,
    )
    .action(async (name: string, flags: ShowSettings) => {
      const { show } = await import("../runs/show.ts");
      show(name, flags);
    });
}
