/** A look at what training would start from: whether there is anything to learn, judged by intervals. */
import { clusteredShare, type Estimate, wilson } from "@rrr/core";
import type { Evaluation, Rate, StepFigures } from "@rrr/trainer";
import { percent } from "../report/format.ts";
import { share } from "../report/numbers.ts";

/** What a look finds. `stops`: beyond doubt, so that training would be in vain. */
export interface LookFinding {
  readonly kind: "too-low" | "too-high" | "no-signal" | "cut-off" | "no-answer" | "unmeasured";
  readonly stops: boolean;
  /** What is seen. */
  readonly text: string;
  /** What to change, in sentences. */
  readonly advice: string;
}

export interface LookInputs {
  /** The evaluation before training. */
  readonly before: Pick<Evaluation, "table" | "answers">;
  readonly unanswered: { readonly attempts: number; readonly noAnswer: number };
  /** What the steps so far have sampled, while nothing was learned. */
  readonly sampled: readonly StepFigures[];
}

/** Share of retries that must pass for a group of eight to differ often enough. */
const GOOD = { least: 0.03, most: 0.7 } as const;
/** With fewer groups that differ than this, most steps teach nothing. */
const LEAST_SIGNAL = 0.1;
/** First attempts that pass for certain: where all do, of 35 or more. */
const CERTAIN = 0.9;
/** Of attempts or retries cut off: worth saying, and too much. */
const CUT = { much: 0.1, tooMuch: 0.5 } as const;

/** @returns what is wrong; empty where all is well */
export function lookAtStart(inputs: LookInputs): readonly LookFinding[] {
  return [
    ...retryRate(inputs),
    ...signal(inputs.sampled),
    ...cutOff(inputs.before),
    ...noAnswer(inputs.unanswered),
  ];
}

/** Before failures are collected: where all pass or none is checked, 64 attempts at each of 100,000 problems find none. */
export function lookBeforeMining({ passed, of, missing }: Rate): LookFinding | undefined {
  if (of === 0 && missing > 0) {
    const text = `none of ${missing} first attempts came to a verdict`;
    return { kind: "unmeasured", stops: true, text, advice: ADVICE.unmeasured };
  }
  if (of === 0 || passed < of || missing > 0 || wilson(passed, of).low <= CERTAIN) return undefined;
  const text = `all ${of} first attempts pass, so that there are no failures to collect`;
  return { kind: "too-high", stops: true, text, advice: ADVICE["too-high"] };
}

/** Retries that pass, of the failures that training begins with and of held-out problems. */
function retryRate({ before, sampled }: LookInputs): readonly LookFinding[] {
  const groups = sampled.flatMap((step) => step.groups);
  const retries = groups.reduce((sum, { of }) => sum + of, 0);
  // Retries of one failure are alike: the interval takes failures, not retries, for independent.
  const ofGroups =
    groups.length === 0
      ? []
      : [
          clusteredShare(
            groups.map(({ passed, of }) => passed / of),
            retries,
          ),
        ];
  const rates = [...ofGroups, ...retriesOf(before)];
  const kind = rates.every(({ value }) => value < GOOD.least)
    ? "too-low"
    : rates.every(({ value }) => value > GOOD.most)
      ? "too-high"
      : undefined;
  if (rates.length === 0 || kind === undefined) return [];
  const stops = rates.some(({ low, high }) => (kind === "too-low" ? high < GOOD.least : low > GOOD.most));
  const seen = `retries pass in ${rates.map(share).join(" and ")}`;
  const doubt = stops ? "" : " (so few do not tell for certain)";
  const text = `${seen}, and from ${percent(GOOD.least)} to ${percent(GOOD.most)} is good to learn from${doubt}`;
  return [{ kind, stops, text, advice: ADVICE[kind] }];
}

const ADVICE = {
  "too-low":
    "Take easier problems (--preset, --data) or a stronger model; try retries that do not see the failed attempt (--retry-layout note) or are greedy (--retry-temperature 0).",
  "too-high": "Take harder problems (--preset, --data): there is little left to learn here.",
  unmeasured: "Their errors say why: mend that first.",
} as const;

function retriesOf({ table }: LookInputs["before"]): readonly Estimate[] {
  const rates = table.flatMap((samples) => {
    const retried = samples.filter(({ first, after }) => first === false && after !== undefined);
    if (retried.length === 0) return [];
    return [retried.filter(({ after }) => after).length / retried.length];
  });
  return rates.length === 0 ? [] : [clusteredShare(rates)];
}

function signal(sampled: readonly StepFigures[]): readonly LookFinding[] {
  const kept = sampled.reduce((sum, step) => sum + step.kept, 0);
  const all = sampled.reduce((sum, step) => sum + step.kept + step.dropped, 0);
  if (all === 0 || kept > 0) return [];
  const { high } = wilson(0, all);
  const stops = high < LEAST_SIGNAL;
  const doubt = stops ? "" : ` (with so few, up to ${percent(high)} may)`;
  return [
    {
      kind: "no-signal",
      stops,
      text: `none of ${all} groups differs in its rewards, so that nothing can be learned${doubt}`,
      advice:
        "Take larger groups (--group-size), more failures a step (--failures-per-step), or problems that are neither too hard nor too easy.",
    },
  ];
}

function cutOff({ answers }: LookInputs["before"]): readonly LookFinding[] {
  return (["attempt", "reflection", "retry"] as const).flatMap((turn): readonly LookFinding[] => {
    const counts = answers[turn];
    if (counts === undefined) return [];
    const cut = turn === "reflection" ? counts.cut : counts.cutFailures;
    const { low } = wilson(cut, counts.answers);
    // A reflection that is cut off may help all the same.
    const stops = turn !== "reflection" && low > CUT.tooMuch;
    if (!stops && low <= (turn === "reflection" ? CUT.tooMuch : CUT.much)) return [];
    const names = { attempt: "attempts", reflection: "reflections", retry: "retries" };
    const what = turn === "reflection" ? "are" : "fail because they are";
    return [
      {
        kind: "cut-off",
        stops,
        text: `${cut} of ${counts.answers} ${names[turn]} ${what} cut off at the token limit`,
        advice: `Give them more: --max-tokens-${turn}.`,
      },
    ];
  });
}

function noAnswer({ attempts, noAnswer: none }: LookInputs["unanswered"]): readonly LookFinding[] {
  if (attempts === 0 || wilson(none, attempts).low <= 0.5) return [];
  return [
    {
      kind: "no-answer",
      stops: true,
      text: `${none} of ${attempts} first attempts have no answer that the verifier can read`,
      advice:
        "Give longer limits (--max-tokens), another prompt or --preset, or a model that keeps to the form; `rrr show <run> --failed` shows them.",
    },
  ];
}
