/** What the figures say, in words: also where they say no. */
import { type Comparison, type Measure, measuresOf } from "@rrr/trainer";
import { conclusionOf, figuresOf, isNoGain } from "./conclusion.ts";
import { percent } from "./format.ts";
import { historyText } from "./history-text.ts";
import { controlName, labelOf } from "./labels.ts";
import { unmeasured, unmeasuredLines } from "./missing.ts";
import { signed } from "./numbers.ts";
import { CONTROLS, type EvaluationSummary, type Result } from "./result.ts";
import { retryText } from "./retry-text.ts";
import { trainingLines } from "./training-outcome.ts";

/** From this share of answers on, a limit of tokens is part of what was measured. */
const CUT_OFF_SHARE = 0.05;

/** @param isFinished false: what lacks an outcome may be still to come */
export function findings(result: Result, isFinished: boolean): readonly string[] {
  const { before, after } = result;
  const gains = (["after", "first"] as const).flatMap((measure) => gainLine(result, measure));
  const controls = CONTROLS.flatMap((control) => {
    const comparison = result.overControls[control];
    if (comparison === undefined) return [];
    return [controlLine(control, comparison, control === "fresh" || isReflections(result))];
  });
  const evaluations: readonly (readonly [EvaluationSummary, string])[] =
    after === undefined
      ? [[before, ""]]
      : [
          [before, "before training, "],
          [after, "after training, "],
        ];
  const trouble = evaluations.flatMap(([summary, when]) => [
    ...erroredLine(summary, when),
    ...(isFinished ? [...unmeasuredLines(summary, when), ...uncheckedLines(summary, when)] : []),
    ...cutOffLines(summary, when),
    ...onlyThoughtLine(summary, when),
    ...countLines(summary, when),
  ]);
  const changes = (result.changes ?? []).map(
    (change) => `RESUMED AFTER A CHANGE, its figures mix both: ${change}.`,
  );
  const shown = result.history === undefined ? [] : historyText(result.history);
  const training = result.training === undefined ? [] : trainingLines(result.training);
  return [
    ...changes,
    ...training,
    ...gains,
    ...retryText(result),
    ...controls,
    ...trouble.map(sentence),
    ...shown,
  ];
}

function erroredLine(summary: EvaluationSummary, when: string): readonly string[] {
  const { errored, problems, samples } = summary;
  if (errored === 0) return [];
  const all = `${problems * samples} ${samples === 1 ? "problems" : "samples"}`;
  if (unmeasured(summary).includes("first")) {
    return [`${when}${errored} of ${all} errored. \`rrr resume --retry-errored\` asks for them again.`];
  }
  return [
    `${when}${errored} of ${all} errored: a share is given as bounds, “a to b %”, as if what is missing had failed or passed. ` +
      "`rrr resume --retry-errored` asks for it again.",
  ];
}

/** Controls and greedy decoding may error where the episode itself did not. */
function uncheckedLines(
  { rates, problems, samples, rounds, errored }: EvaluationSummary,
  when: string,
): readonly string[] {
  const units = samples === 1 ? "problems" : "samples";
  return measuresOf(rounds).flatMap((measure) => {
    const missing = (rates[measure]?.missing ?? 0) - (measure === "leak" ? 0 : errored);
    if (missing <= 0) return [];
    return [
      `${when}${missing} of ${problems * samples} ${units} could not be checked: ${controlName(measure)}.`,
    ];
  });
}

/** Where the limit of tokens decides what passes. */
function cutOffLines({ answers }: EvaluationSummary, when: string): readonly string[] {
  return (["attempt", "reflection", "retry"] as const).flatMap((turn) => {
    const counts = answers[turn];
    if (counts === undefined) return [];
    const cut = turn === "reflection" ? counts.cut : counts.cutFailures;
    if (cut === 0 || cut / counts.answers < CUT_OFF_SHARE) return [];
    const what = turn === "reflection" ? "were cut off" : "failed because, or after, they were cut off";
    const names = { attempt: "attempts", reflection: "reflections", retry: "retries" };
    return [
      `${when}${cut} of ${counts.answers} ${names[turn]} (${percent(cut / counts.answers)}) ${what} at the token limit: ` +
        "the figures measure the limit as much as the model. Give it more with --max-tokens.",
    ];
  });
}

function onlyThoughtLine({ answers: { reflection } }: EvaluationSummary, when: string): readonly string[] {
  if (reflection?.onlyThought === undefined) return [];
  return [
    `${when}${reflection.onlyThought} of ${reflection.answers} reflections were only thought, cut off or without a word after it: ` +
      "their retries were blind ones.",
  ];
}

function countLines({ answers, rates }: EvaluationSummary, when: string): readonly string[] {
  const turns = Object.values(answers);
  const estimated = turns.reduce((sum, turn) => sum + turn.estimated, 0);
  if (estimated === 0 || rates.matched === undefined) return [];
  return [
    `${when}the tokens of ${estimated} answers are an estimate, and ${controlName("matched")} rests on them.`,
  ];
}

function gainLine(result: Result, measure: "after" | "first"): readonly string[] {
  const gain = result.gains?.[measure];
  if (gain === undefined) return [];
  const what = measure === "first" ? "the first try" : `success ${labelOf(measure)}`;
  const but =
    measure === "first" || isReflections(result)
      ? ""
      : `, but it is not shown to beat ${controlName("fresh")}`;
  switch (conclusionOf(gain)) {
    case "more":
      return [`Training raised ${what}: ${figuresOf(gain)}${but}.`];
    case "less":
      return [`Training LOWERED ${what}: ${figuresOf(gain)}.`];
    case "unshown":
      return [`Training is not shown to change ${what}: ${figuresOf(gain)}.`];
    case "unknown":
      return [`Whether training changed ${what} CANNOT BE TOLD: ${missingText(gain)}.`];
  }
}

/**
 * Whether a lead of retries is reflection's. Where they had other conditions than first attempts, it is so only as far as a
 * fresh attempt under these does not reach it.
 */
function isReflections({ overControls: { fresh }, before: { asked } }: Result): boolean {
  if (!asked.retryControls?.includes("fresh")) return true;
  return fresh !== undefined && conclusionOf(fresh) === "more";
}

/** @param isEarned whether a lead over the control is reflection's */
function controlLine(control: Measure, comparison: Comparison, isEarned: boolean): string {
  const against = `${controlName(control)}: ${figuresOf(comparison)}`;
  if (isNoGain(comparison)) return `Reflection does NOT beat ${against}.`;
  switch (conclusionOf(comparison)) {
    case "more":
      return isEarned
        ? `Reflection beats ${against}.`
        : `The retry's lead over ${against}, is NOT shown to be reflection's: a fresh attempt may have it too.`;
    case "unknown":
      return `Whether reflection beats ${controlName(control)} CANNOT BE TOLD: ${missingText(comparison)}.`;
    default:
      return `Reflection is NOT shown to beat ${against}.`;
  }
}

/** Why a comparison says nothing. */
export function missingText({ missing, pairs, difference: { bounds } }: Comparison): string {
  const points = bounds === undefined ? "" : `, from ${bounds.map(signed).join(" to ")} points`;
  return `${missing} of ${pairs} problems lack an outcome, which could turn it${points}`;
}

function sentence(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}
