import { visible } from "@rrr/core";
import type { Display, Progress } from "./progress.ts";
import { createStageClock } from "./stage-clock.ts";

/** A line every few seconds: for log files and pipes. */
const INTERVAL_MS = 5_000;

/** Writes plain lines: at the start and the end of a stage, and in between now and then. */
export function createPlainDisplay(stream: NodeJS.WritableStream): Display {
  const clock = createStageClock();
  let stage: string | undefined;
  let writtenAt = 0;
  let writtenDone = -1;
  return {
    update(progress) {
      const eta = clock.eta(progress);
      const isDue =
        progress.stage !== stage ||
        (progress.done === progress.total && progress.done !== writtenDone) ||
        performance.now() - writtenAt >= INTERVAL_MS;
      if (!isDue) return;
      stage = progress.stage;
      writtenAt = performance.now();
      writtenDone = progress.done;
      stream.write(visible(`${render(progress, eta)}\n`));
    },
    episode() {},
    note(line) {
      stream.write(visible(`${line}\n`));
    },
    close() {},
  };
}

function render({ stage, done, total, unit, facts }: Progress, eta: string): string {
  const figures = facts.map(([label, value]) => `${label} ${value}`);
  const parts = [`${done}/${total} ${unit}`, ...(done < total && eta ? [eta] : []), ...figures];
  return `${stage}: ${parts.join(", ")}`;
}
