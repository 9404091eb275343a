import { Command } from "commander";
import type { ReportFlags } from "../report/report.ts";
import { nonEmpty, number, wholeNumber } from "./option-values.ts";

export function reportCommand(): Command {
  return new Command("report")
    .summary("a run as one HTML file to send, or two compared")
    .description(
      "Writes what `rrr view` shows as one file that opens in any browser, without a network: tables, curves, what they\n" +
        "say, and episodes chosen by chance. Paths, addresses, names of users and names of keys are left out, and so are\n" +
        "problems and prompts.",
    )
    .argument("<runs...>", "a run, or two that are compared: folders, or names below runs/")
    .requiredOption("--out <file>", "where to; - is standard output", nonEmpty)
    .option("--episodes <n>", "most episodes; 0: figures alone", wholeNumber(0), 200)
    .option(
      "--max-size <megabytes>",
      "of the file; as many episodes as there is room for",
      number(0.5, 100),
      3,
    )
    .option("--prompts", "problems, prompts and what the checker said of answers too")
    .option("--force", "replace a file that is there")
    .option("--json", "what was written as one JSON document on standard output")
    .addHelpText(
      "after",
      `
What a model wrote is in it, and may quote its problem; --episodes 0 has no texts at all.

Examples:
  rrr report mini --out mini.html
  rrr report mini large --out report.html              problem by problem
  rrr report mini --prompts --episodes 50 --out mini.html`,
    )
    .action(async (names: readonly string[], flags: ReportFlags) => {
      const { report } = await import("../report/report.ts");
      await report(names, flags);
    });
}
