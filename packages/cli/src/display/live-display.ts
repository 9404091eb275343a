import { visible } from "@rrr/core";
import { wrapText } from "@rrr/runs";
import { createLogUpdate } from "log-update";
import { liveText } from "./live-text.ts";
import type { Display } from "./progress.ts";
import { createStageClock } from "./stage-clock.ts";

const MIN_REDRAW_MS = 100;

/** Redraws a few lines in place: for a terminal. */
export function createLiveDisplay(stream: NodeJS.WriteStream): Display {
  const log = createLogUpdate(stream);
  const clock = createStageClock();
  let stage: string | undefined;
  let last: string | undefined;
  let drawnAt = 0;
  const settle = (): void => {
    if (last === undefined) return;
    log(last);
    log.done();
    last = undefined;
  };
  return {
    update(progress) {
      if (progress.stage !== stage) settle();
      stage = progress.stage;
      last = visible(liveText(progress, clock.eta(progress), stream.columns));
      const now = performance.now();
      if (now - drawnAt < MIN_REDRAW_MS) return;
      drawnAt = now;
      log(last);
    },
    note(line) {
      settle();
      stream.write(`${wrapText(line, { columns: stream.columns })}\n`);
    },
    close: settle,
  };
}
