import { createLiveDisplay } from "./live-display.ts";
import { createPlainDisplay } from "./plain-display.ts";
import type { Display } from "./progress.ts";

const silent: Display = { update() {}, episode() {}, note() {}, close() {} };

/** The display that suits standard error: standard output is kept for the result. */
export function createDisplay(quiet: boolean): Display {
  if (quiet) return silent;
  // Some pseudo-terminals have no size; there nothing can be redrawn.
  const { isTTY, columns, rows } = process.stderr;
  const isScreen = isTTY && columns > 0 && rows > 0 && !isLog(process.env);
  return isScreen ? createLiveDisplay(process.stderr) : createPlainDisplay(process.stderr);
}

/** Terminals that keep all that is written to them: of a CI service, or one that cannot move its cursor. */
function isLog({ CI = "", TERM }: NodeJS.ProcessEnv): boolean {
  return TERM === "dumb" || !["", "0", "false"].includes(CI);
}
