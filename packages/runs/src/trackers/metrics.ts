/** A run's events as named numbers, for whatever draws them; docs/metrics.md says what each is. */
import type { MEASURES, OfMeasures, Rate, Share, StepReport } from "@rrr/trainer";
import type { RunEvent } from "../flow/events.ts";

/** A number at a training step; step 0 is before training. */
export interface Metric {
  /** e.g. `train/retries`, `held-out/after-reflection` */
  readonly name: string;
  readonly step: number;
  readonly value: number;
}

/**
 * What each event of a run comes to, in the order in which they come. A share has its interval beside it, `/low` and `/high`;
 * where outcomes are missing it has its bounds, `/least` and `/most`, in its place.
 */
export function createMetrics(): (event: RunEvent) => readonly Metric[] {
  let hasReference = true;
  return (event) => {
    switch (event.kind) {
      case "run": {
        const { plan } = event.spec;
        // Where nothing is compared with the start, engines say 0.
        hasReference = plan.kind === "train" && plan.train.klCoefficient !== 0;
        return [];
      }
      case "step":
        return stepMetrics(event.report, hasReference);
      case "probe": {
        const { step, passed, errored, of } = event;
        const share =
          errored > 0 ? { bounds: [passed / of, (passed + errored) / of] as const } : { value: passed / of };
        return shareMetrics("probe/after-reflection", step, share);
      }
      case "evaluation":
        // After training, the result knows which step was measured.
        return event.stage === "after" ? [] : heldOut(event.rates, 0);
      case "result": {
        const { after, training, steps } = event.result;
        return after === undefined ? [] : heldOut(after.rates, training?.measured?.step ?? steps);
      }
      default:
        return [];
    }
  };
}

function stepMetrics(report: StepReport, hasReference: boolean): readonly Metric[] {
  const {
    step,
    passRate,
    kept,
    dropped,
    errored,
    sampledTokens,
    reflectionTokens,
    truncated,
    update,
    seconds,
  } = report;
  const all = report.groups.reduce((sum, { episodes_G }) => sum + episodes_G.length, 0);
  const passed = passRate * (all - errored);
  const retries =
    errored > 0 ? { bounds: [passed / all, (passed + errored) / all] as const } : { value: passRate };
  const figures: Readonly<Record<string, number | undefined>> = {
    "reflection-tokens": reflectionTokens,
    "cut-off": truncated,
    "dropped-groups": dropped / (kept + dropped),
    errored,
    "tokens-per-second": sampledTokens / (seconds.sampling + seconds.update),
    loss: update?.loss,
    kl: hasReference ? update?.kl : undefined,
    entropy: update?.entropyEstimate,
    clipped: update?.clipped,
    "gradient-norm": update?.gradNorm,
    "learning-rate": update?.learningRate,
  };
  return [
    ...shareMetrics("train/retries", step, retries),
    ...Object.entries(figures).flatMap(([name, value]) => metric(`train/${name}`, step, value)),
  ];
}

const NAMES: Readonly<Record<(typeof MEASURES)[number], string>> = {
  first: "first-try",
  after: "after-reflection",
  blind: "control-blind-retry",
  fresh: "control-fresh-attempt",
  donor: "control-other-reflection",
  passAt2: "control-two-attempts",
  matched: "control-same-tokens",
  leak: "reflections-stating-an-answer",
  greedyFirst: "greedy-first-try",
  greedyAfter: "greedy-after-reflection",
};

function heldOut(rates: Readonly<OfMeasures<Rate>>, step: number): readonly Metric[] {
  return Object.entries(rates).flatMap(([measure, rate]) =>
    shareMetrics(`held-out/${NAMES[measure as keyof typeof NAMES] ?? measure}`, step, rate),
  );
}

function shareMetrics(
  name: string,
  step: number,
  { value, low, high, bounds }: Partial<Share>,
): readonly Metric[] {
  return [
    ...metric(name, step, value),
    ...metric(`${name}/least`, step, bounds?.[0]),
    ...metric(`${name}/most`, step, bounds?.[1]),
    ...metric(`${name}/low`, step, low),
    ...metric(`${name}/high`, step, high),
  ];
}

/** Nothing where it was not measured: a server may not tell its gradient's norm. */
function metric(name: string, step: number, value: number | undefined): readonly Metric[] {
  return value !== undefined && Number.isFinite(value) ? [{ name, step, value }] : [];
}
