import { Command } from "commander";
import type { RunsFlags } from "../runs/runs.ts";
import { duration } from "./option-values.ts";

export function runsCommand(): Command {
  return new Command("runs")
    .summary("list the runs below runs/, or remove old ones")
    .description(
      "The runs of this folder, the newest first, with the figures of their last evaluation. With --prune it removes\n" +
        "the checkpoints of finished runs other than the newest and the one that counts, and on demand whole runs.",
    )
    .option("--prune", "list what can go, ask, and remove it")
    .option("--older-than <time>", "with --prune: also whole runs that ended longer ago, e.g. 30d", duration)
    .option("--failed", "with --prune: also whole runs that failed; with --older-than only those")
    .option("--dry-run", "with --prune: remove nothing, only list")
    .option("--yes", "with --prune: do not ask")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
--prune leaves alone what another rrr is writing, what cannot be read, links, folders that are no runs, and files in a
run's folder that rrr did not write. A run without its older checkpoints can still be shown and compared.

Examples:
  rrr runs
  rrr runs --prune --dry-run                    what would go
  rrr runs --prune --older-than 30d             asks first
  rrr runs --prune --failed --yes`,
    )
    .action(async (flags: RunsFlags) => {
      const { runs } = await import("../runs/runs.ts");
      await runs(flags);
    });
}
