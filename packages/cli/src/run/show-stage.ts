import { count } from "@rrr/runs";
import type { Progress } from "../display/progress.ts";
import type { StageContext } from "./run-context.ts";

/** Between results; they come in the order of the problems, so the first ones may wait for many others. */
const PULSE_MS = 1_000;

/**
 * Shows a stage while it works: each progress as it comes, and the speed in between.
 * @param work is given the function that shows a progress
 */
export async function showStage<T>(
  { display, meter }: Pick<StageContext, "display" | "meter">,
  work: (look: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const startedWith = meter.tokens();
  let latest: Progress | undefined;
  const show = (): void => {
    if (latest === undefined) return;
    const tokens = meter.tokens() - startedWith;
    const speed = (1000 * tokens) / (performance.now() - started);
    display.update({
      ...latest,
      facts: [...latest.facts, ["tokens", count(tokens)], ["tokens/s", count(speed)]],
    });
  };
  const pulse = setInterval(show, PULSE_MS);
  try {
    return await work((progress) => {
      latest = progress;
      show();
    });
  } finally {
    clearInterval(pulse);
  }
}
