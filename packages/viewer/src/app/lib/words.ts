/** Codes and roles as a reader would say them. */

const CODES: Readonly<Record<string, string>> = {
  "no-answer": "There is no answer in the text",
  "no-call": "There is no function call in the text",
  "malformed-json": "The call is not valid JSON",
  "unknown-function": "It calls a function that is not on offer",
  "wrong-function": "It calls another function than the right one",
  "wrong-arguments": "The function is right, its arguments are not",
  "wrong-count": "It makes too many or too few calls",
  "wrong-value": "The result is not the one asked for",
  "wrong-numbers": "It does not use the given numbers, each once",
  "model-failed": "The model did not answer",
  "verifier-failed": "The checker itself failed",
  "verifier-timeout": "The checker took longer than it may",
  "budget-spent": "What the run may spend was spent",
  "context-overflow": "The prompt does not fit the model's context window",
  schema: "The arguments do not fit the function's schema",
};

/** A code in plain words: `too-long` is "Too long" where nobody wrote a sentence for it. */
export function codeWords(code: string): string {
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return known;
  const text = code.replaceAll(/[-_]+/g, " ").trim();
  return text === "" ? code : text.charAt(0).toUpperCase() + text.slice(1);
}

export const PATHS: Readonly<Record<string, string>> = {
  solved: "solved",
  "fail-pass": "fail → pass",
  "fail-fail": "fail → fail",
  errored: "errored",
  mined: "collected failure",
  unfinished: "not finished",
};

export const STAGES: Readonly<Record<string, string>> = {
  evaluate: "evaluation",
  before: "before training",
  mine: "collecting failures",
  train: "training",
  after: "after training",
};

export const ROLES: Readonly<Record<string, string>> = {
  attempt: "Attempt",
  reflection: "Reflection",
  retry: "Retry",
  blind: "Control: blind retry",
  donor: "Control: another's reflection",
  independent: "Control: independent attempt",
};

/** Where in the run an episode happened. */
export function placeWords({
  stage,
  part,
  step,
  problem,
  sample,
}: {
  readonly stage: string;
  readonly part: string | null;
  readonly step: number | null;
  readonly problem: number;
  readonly sample: number;
}): string {
  const parts = [
    stage === "train" ? `step ${step ?? "?"}` : (STAGES[stage] ?? stage),
    ...(part === "greedy" ? ["greedy"] : []),
    stage === "train" ? `group ${problem + 1}` : `problem ${problem}`,
    ...(stage === "train" || sample > 0 ? [`no. ${sample + 1}`] : []),
  ];
  return parts.join(" · ");
}
