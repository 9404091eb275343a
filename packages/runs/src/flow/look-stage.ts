import { RrrError } from "@rrr/core";
import type { Evaluation, StepFigures } from "@rrr/trainer";
import type { RunEvent } from "./events.ts";
import { type LookFinding, lookAtStart, lookBeforeMining } from "./look.ts";
import type { TrainingContext } from "./run-context.ts";

/** Takes what steps sample until one has learned something. */
export interface Look {
  /** @throws RrrError `no-signal` where the plan stops then */
  take(sampled: StepFigures): void;
  /** What is to be said since the last call. */
  events(): readonly RunEvent[];
}

/**
 * The look before training: the evaluation before, and the first step's own reflections and retries, judged before anything
 * is learned of them. It asks the model nothing more, so that it costs nothing and changes nothing.
 * @param figures of all steps so far: it grows with them
 */
export function createLook(
  { plan, store }: TrainingContext,
  before: Evaluation,
  figures: readonly StepFigures[],
): Look {
  const { rails } = plan;
  const said = new Set<string>();
  let waiting: RunEvent[] = [];
  return {
    take(latest) {
      const hasLearned = figures.some(({ kept }) => kept > 0);
      if (rails === undefined || hasLearned) return;
      const sampled = [...figures, latest];
      const unanswered = store.unanswered();
      const findings = lookAtStart({ before, unanswered, sampled });
      const fatal = findings.filter(({ stops }) => stops);
      const isNews = findings.some((finding) => !said.has(keyOf(finding)));
      for (const finding of findings) said.add(keyOf(finding));
      if (isNews) waiting.push({ kind: "look", findings, stops: fatal.length > 0 && rails.stops });
      const first = fatal.toSorted((a, b) => CAUSES.indexOf(b.kind) - CAUSES.indexOf(a.kind))[0];
      if (first === undefined || !rails.stops) return;
      throw nothingToLearn(first);
    },
    events() {
      const events = waiting;
      waiting = [];
      return events;
    },
  };
}

/** The look that comes first. @throws RrrError `no-signal` */
export function* refuseFailureless(
  { plan: { rails } }: TrainingContext,
  before: Evaluation,
): Generator<RunEvent> {
  const { first } = before.rates;
  const finding = first && lookBeforeMining(first);
  if (finding === undefined || rails === undefined) return;
  yield { kind: "look", findings: [finding], stops: rails.stops };
  if (rails.stops) throw nothingToLearn(finding);
}

function nothingToLearn({ text, advice }: LookFinding): RrrError {
  return new RrrError("no-signal", `there is nothing to learn from: ${text}`, {
    hint: `${advice} --force trains all the same.`,
  });
}

/** Why nothing passes, the nearest cause last: of several findings that stop, the error names it. */
const CAUSES: readonly LookFinding["kind"][] = [
  "unmeasured",
  "no-signal",
  "too-low",
  "too-high",
  "cut-off",
  "no-answer",
];

function keyOf({ kind, stops }: LookFinding): string {
  return `${kind} ${stops}`;
}
