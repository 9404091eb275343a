import { RrrError } from "@rrr/core";
import { guardPlugins } from "@rrr/plugins";

/** As long as `rrr check` waits for one answer. */
const PATIENCE_S = 30;

/**
 * Limits how long plugins may take here, in loading and for an item: $RRR_PATIENCE seconds.
 * @param onStuck is told what blocked the command
 * @throws RrrError `bad-argument`
 */
export function limitPlugins(onStuck: (error: RrrError) => void): void {
  const text = process.env.RRR_PATIENCE || String(PATIENCE_S);
  const seconds = Number(text);
  if (!(seconds > 0 && seconds < MOST_S)) {
    throw new RrrError(
      "bad-argument",
      `RRR_PATIENCE is ${JSON.stringify(text)}, and must be a number of seconds`,
      {
        hint: `Leave it out for ${PATIENCE_S}.`,
      },
    );
  }
  const hint = "`rrr check` finds out where. If it needs longer, RRR_PATIENCE=300 gives it 300 seconds.";
  guardPlugins({ patienceMs: seconds * 1_000, hint, onStuck });
}

/** Beyond a week, timers of Node end at once. */
const MOST_S = 604_800;
