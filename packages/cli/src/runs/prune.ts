import { applyPrune, planPrune } from "@rrr/runs";
import { confirm } from "../output/confirm.ts";
import { failWith } from "../output/finish.ts";
import { isTerminal } from "../output/input.ts";
import { print, printJson, say, stdout } from "../output/print.ts";
import { terminalColumns } from "../output/terminal-columns.ts";
import { itemLines, leftText, sumText } from "./prune-text.ts";

export interface PruneFlags {
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly failed?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

const HINT = "--dry-run says what would go.";

/** `rrr runs --prune`. The exit code is 1 where something that was to go is still there. */
export async function prune({ olderThan, failed, dryRun, yes, json }: PruneFlags): Promise<void> {
  const { cwd, ...plan } = planPrune(process.cwd(), { olderThanMs: olderThan, failed });
  const { remove, bytes, left } = plan;
  const out = { columns: terminalColumns(stdout) };
  const err = { columns: terminalColumns(process.stderr) };
  if (dryRun) {
    if (json) printJson({ remove, bytes, left });
    else
      print(
        `${itemLines(remove, cwd, out)}${leftText(left, out)}To be removed: ${sumText(remove, bytes)}.\n`,
      );
    return;
  }
  if (remove.length > 0 && !yes) {
    if (isTerminal()) say(itemLines(remove, cwd, err) + leftText(left, err));
    const question = `Remove ${sumText(remove, bytes)}?`;
    if (!(await confirm(question, "removing runs", HINT))) {
      say("Nothing was removed.\n");
      return;
    }
  }
  const outcome = applyPrune({ cwd, ...plan });
  const untouched = [...left, ...outcome.left];
  if (json) printJson({ removed: outcome.removed, bytes: outcome.bytes, left: untouched });
  else print(`${itemLines(outcome.removed, cwd, out)}Removed: ${sumText(outcome.removed, outcome.bytes)}.\n`);
  const toTell = yes || remove.length === 0 ? untouched : outcome.left;
  if (!json) say(leftText(toTell, err));
  if (outcome.removed.length < remove.length) failWith(1);
}
