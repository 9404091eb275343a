import { RrrError } from "@rrr/core";
import { type EvaluationSettings, type Measure, measuresOf } from "@rrr/trainer";
import { percent } from "../report/format.ts";
import { controlName } from "../report/labels.ts";
import { CONTROLS, type Result } from "../report/result.ts";

/** A share that must be reached: `--fail-below after=0.4`. */
export interface Bar {
  readonly measure: Measure;
  readonly share: number;
}

/** The measures that a bar can be set for. */
export const BAR_MEASURES: readonly Measure[] = measuresOf();

/** `after=0.4`; undefined where it says nothing of the kind. `pass@2` is what reports call `passAt2`. */
export function parseBar(text: string): Bar | undefined {
  const [, name, share] = /^(\w+|pass@2)=(0(?:\.\d+)?|1(?:\.0+)?|\.\d+)$/.exec(text) ?? [];
  if (name === undefined || share === undefined) return undefined;
  const measure = name === "pass@2" ? "passAt2" : name;
  const isKnown = BAR_MEASURES.includes(measure as Measure) || /^after([2-9]|[1-9]\d+)$/.test(measure);
  return isKnown ? { measure: measure as Measure, share: Number(share) } : undefined;
}

/** @throws RrrError `bad-argument` for a bar on a measure that the evaluation is not going to have */
export function checkBars(
  bars: readonly Bar[],
  { rounds, controls, greedy }: Pick<EvaluationSettings, "rounds" | "controls" | "greedy">,
): void {
  const measured = new Set(measuresOf(rounds));
  for (const { measure } of bars) {
    const isMeasured =
      measured.has(measure) &&
      (greedy || !measure.startsWith("greedy")) &&
      (controls || !OF_CONTROLS.includes(measure));
    if (isMeasured) continue;
    throw new RrrError("bad-argument", `--fail-below ${measure}: this evaluation does not measure it`, {
      hint: "after2, after3, … need --rounds, greedyFirst and greedyAfter need --greedy, controls no --no-controls.",
    });
  }
}

const OF_CONTROLS: readonly Measure[] = [...CONTROLS, "leak"];

/** A line for each bar that was missed, in words. So is one that a share may miss, or that nothing was measured for. */
export function missedBars({ before, after }: Result, bars: readonly Bar[]): readonly string[] {
  const { rates } = after ?? before;
  return bars.flatMap(({ measure, share }) => {
    const rate = rates[measure];
    const [least, most] = rate?.bounds ?? [rate?.value, rate?.value];
    if (least === undefined || most === undefined)
      return [`${controlName(measure)} was not measured; at least ${percent(share)} is asked for.`];
    if (least >= share) return [];
    const found =
      least === most ? `is ${percent(most)}` : `is between ${percent(least)} and ${percent(most)}`;
    const told = most >= share ? ": what errored decides" : "";
    return [`${controlName(measure)} ${found}; at least ${percent(share)} is asked for${told}.`];
  });
}
