import { createInterface } from "node:readline/promises";
import { RrrError } from "@rrr/core";
import { clearCache, responseCachePath } from "@rrr/models";
import { count } from "@rrr/runs";
import { timeText } from "./cache-text.ts";

export interface ClearFlags {
  readonly model?: string;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly yes?: true;
  readonly json?: true;
}

/** `rrr cache clear`. Nothing is asked where nobody can answer. */
export async function clear(flags: ClearFlags): Promise<void> {
  const path = responseCachePath();
  const { model, olderThan } = flags;
  if (!flags.yes && !(await confirm(question(flags)))) {
    process.stderr.write("Nothing was cleared.\n");
    return;
  }
  const cleared = await clearCache(path, {
    ...(model === undefined ? {} : { model }),
    ...(olderThan === undefined ? {} : { beforeMs: Date.now() - olderThan }),
  });
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ path, cleared })}\n`
      : `Cleared ${count(cleared)} completions: ${path}\n`,
  );
}

function question({ model, olderThan }: ClearFlags): string {
  const whose = model === undefined ? "every model" : model;
  const age = olderThan === undefined ? "" : ` older than ${timeText(olderThan)}`;
  return `Clear the kept completions of ${whose}${age}? They would have to be asked for again. [y/N] `;
}

async function confirm(text: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new RrrError("bad-argument", "clearing the cache needs --yes where nobody can be asked", {
      hint: "What it holds would have to be asked for, and paid for, again.",
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // The end of the input (Ctrl-D) is no answer either.
    const answer = await terminal.question(text).catch(() => "");
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
