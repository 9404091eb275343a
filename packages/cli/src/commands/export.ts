import { EXPORTS, type ExportFlags, FORMATS } from "@rrr/runs";
import { Command, Option } from "commander";
import { nonEmpty } from "./option-values.ts";

export function exportCommand(): Command {
  return new Command("export")
    .summary("a run's episodes, texts or failures as a file")
    .description("Writes a run as JSON Lines, CSV or Parquet, for whatever reads those.")
    .argument("<run>", "folder of the run, or its name below runs/")
    .addOption(new Option("--format <name>", "how").choices(FORMATS).default("jsonl"))
    .addOption(
      new Option(
        "--what <name>",
        "a row an episode, a text (turns) or an outcome; or failures: prompts for TRL's trainers",
      )
        .choices(EXPORTS)
        .default("episodes"),
    )
    .option("--out <file>", "where to (default: standard output)", nonEmpty)
    .addHelpText(
      "after",
      `
Examples:
  rrr export runs/a > episodes.jsonl
  rrr export runs/a --what turns --format parquet --out turns.parquet
  rrr export runs/a --what failures --out failures.jsonl      load_dataset("json", data_files="failures.jsonl")`,
    )
    .action(async (name: string, flags: ExportFlags) => {
      const { exportRun } = await import("../export/export-run.ts");
      await exportRun(name, flags);
    });
}
