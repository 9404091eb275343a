import { clearCache, responseCachePath } from "@rrr/models";
import { count } from "@rrr/runs";
import { confirm } from "../output/confirm.ts";
import { print, printJson, say } from "../output/print.ts";
import { timeText } from "./cache-text.ts";

export interface ClearFlags {
  readonly model?: string;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly yes?: true;
  readonly json?: true;
}

const COST = "What it holds would have to be asked for, and paid for, again.";

/** `rrr cache clear`. Nothing is asked where nobody can answer. */
export async function clear(flags: ClearFlags): Promise<void> {
  const path = responseCachePath();
  const { model, olderThan } = flags;
  if (!flags.yes && !(await confirm(question(flags), "clearing the cache", COST))) {
    say("Nothing was cleared.\n");
    return;
  }
  const cleared = await clearCache(path, {
    ...(model === undefined ? {} : { model }),
    ...(olderThan === undefined ? {} : { beforeMs: Date.now() - olderThan }),
  });
  if (flags.json) printJson({ path, cleared });
  else print(`Cleared ${count(cleared)} completions: ${path}\n`);
}

function question({ model, olderThan }: ClearFlags): string {
  const whose = model === undefined ? "every model" : model;
  const age = olderThan === undefined ? "" : ` older than ${timeText(olderThan)}`;
  return `Clear the kept completions of ${whose}${age}? They would have to be asked for again.`;
}
