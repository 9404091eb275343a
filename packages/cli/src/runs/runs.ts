import { RrrError } from "@rrr/core";
import { listRuns } from "@rrr/runs";
import { print, printJson, stdout } from "../output/print.ts";
import { terminalColumns } from "../output/terminal-columns.ts";
import { type PruneFlags, prune } from "./prune.ts";
import { runsText } from "./runs-text.ts";

export interface RunsFlags extends PruneFlags {
  readonly prune?: true;
}

/** `rrr runs`. @throws RrrError `bad-argument` */
export async function runs(flags: RunsFlags): Promise<void> {
  if (flags.prune) {
    await prune(flags);
    return;
  }
  const { olderThan, failed, dryRun, yes } = flags;
  if (olderThan !== undefined || failed || dryRun || yes) {
    throw new RrrError("bad-argument", "--older-than, --failed, --dry-run and --yes belong to --prune", {
      hint: "Add --prune, or leave them out.",
    });
  }
  const listed = listRuns(process.cwd());
  if (flags.json) printJson(listed);
  else print(runsText(listed, { columns: terminalColumns(stdout) }));
}
