import { RrrError } from "@rrr/core";
import { allowance, refuseUntrusted, type StoredRun, shownAllowance, type Wanted } from "@rrr/runs";
import { confirm } from "./confirm.ts";
import { isTerminal } from "./input.ts";
import { say } from "./print.ts";

/**
 * Asks, where somebody can be asked, whether a run from elsewhere may use what it names.
 * @returns what was allowed so, as `--allow` takes it
 * @throws RrrError `bad-run` where nobody can be asked, `aborted` for a no
 */
export async function askToAllow(run: StoredRun, wanted: readonly Wanted[]): Promise<readonly string[]> {
  if (wanted.length === 0) return [];
  if (!isTerminal() || !process.stderr.isTTY) refuseUntrusted(run, wanted);
  const list = wanted.map((each) => `  ${shownAllowance(each)}\n`).join("");
  say(`${run.folder} was not begun here. It would read, send to or run:\n${list}`);
  if (await confirm("Do you trust all of it?", "a run from elsewhere", "Name what you trust with --allow.")) {
    return wanted.map(allowance);
  }
  throw new RrrError("aborted", "nothing was read, sent or run", {
    hint: "Start a run of your own instead.",
  });
}
