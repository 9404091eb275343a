import { createLogUpdate } from "log-update";
import type { Display, Progress } from "./progress.ts";
import { createStageClock } from "./stage-clock.ts";

const BAR_WIDTH = 24;
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
      last = render(progress, clock.eta(progress));
      const now = performance.now();
      if (now - drawnAt < MIN_REDRAW_MS) return;
      drawnAt = now;
      log(last);
    },
    note(line) {
      settle();
      stream.write(`${line}\n`);
    },
    close: settle,
  };
}

function render({ stage, done, total, unit, facts }: Progress, eta: string): string {
  const filled = Math.round((BAR_WIDTH * done) / Math.max(1, total));
  const bar = "━".repeat(filled) + "─".repeat(BAR_WIDTH - filled);
  const head = `${stage.padEnd(16)} ${bar} ${done}/${total} ${unit}${done < total && eta ? `  ${eta}` : ""}`;
  const figures = facts.map(([label, value]) => `${label} ${value}`).join("  ·  ");
  return figures === "" ? head : `${head}\n${" ".repeat(17)}${figures}`;
}
