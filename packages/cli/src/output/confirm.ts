import { createInterface } from "node:readline/promises";
import { RrrError, visible } from "@rrr/core";
import { isTerminal, stdin } from "./input.ts";

/**
 * Asks on standard error for a yes; anything else is a no.
 * @param what needs `--yes` where nobody can be asked, e.g. `clearing the cache`, with what to do then
 * @throws RrrError `bad-argument` where nobody can be asked
 */
export async function confirm(question: string, what: string, hint: string): Promise<boolean> {
  if (!isTerminal()) {
    throw new RrrError("bad-argument", `${what} needs --yes where nobody can be asked`, { hint });
  }
  const terminal = createInterface({ input: stdin(), output: process.stderr });
  try {
    // The end of the input (Ctrl-D) is no answer either.
    const answer = await terminal.question(visible(`${question} [y/N] `)).catch(() => "");
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
