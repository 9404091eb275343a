import { clearCache, responseCachePath } from "@rrr/models";
import { clearIndexFolder, count } from "@rrr/runs";
import { confirm } from "../output/confirm.ts";
import { print, printJson, say } from "../output/print.ts";
import { indexesOf, size, timeText } from "./cache-text.ts";
import { indexFolder } from "./index-folder.ts";

export interface ClearFlags {
  readonly model?: string;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly indexes?: true;
  readonly yes?: true;
  readonly json?: true;
}

const COST = "What it holds would have to be asked for, and paid for, again.";

/** `rrr cache clear`. Nothing is asked where nobody can answer. */
export async function clear(flags: ClearFlags): Promise<void> {
  const path = responseCachePath();
  const { model, olderThan } = flags;
  const beforeMs = olderThan === undefined ? undefined : Date.now() - olderThan;
  if (flags.indexes) {
    const indexes = clearIndexFolder(indexFolder(), beforeMs);
    if (flags.json) printJson({ indexes });
    else
      print(`Cleared the indexes of ${indexesOf(indexes.runs)}, ${size(indexes.bytes)}: ${indexes.path}\n`);
    return;
  }
  if (!flags.yes && !(await confirm(question(flags), "clearing the cache", COST))) {
    say("Nothing was cleared.\n");
    return;
  }
  const cleared = await clearCache(path, {
    ...(model === undefined ? {} : { model }),
    ...(beforeMs === undefined ? {} : { beforeMs }),
  });
  // Indexes are of runs, of whatever model.
  const indexes = model === undefined ? clearIndexFolder(indexFolder(), beforeMs) : undefined;
  if (flags.json) printJson({ path, cleared, ...(indexes === undefined ? {} : { indexes }) });
  else {
    const more = indexes?.bytes ? `, and the indexes of ${indexesOf(indexes.runs)}` : "";
    print(`Cleared ${count(cleared)} completions${more}: ${path}\n`);
  }
}

function question({ model, olderThan }: ClearFlags): string {
  const whose = model === undefined ? "every model" : model;
  const age = olderThan === undefined ? "" : ` older than ${timeText(olderThan)}`;
  return `Clear the kept completions of ${whose}${age}? They would have to be asked for again.`;
}
