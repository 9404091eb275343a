/** How training went, as a run keeps it: what guard rails and reports are computed from. */
import type { Outcomes, StepFigures } from "@rrr/trainer";
import { damaged, type RunDatabase } from "./database.ts";
import { OUTCOME, type StepRow } from "./schema.ts";
import type { StoreWriter } from "./store-writer.ts";

/** A checkpoint's score on the problems that choose among checkpoints. */
export interface ProbeScore {
  readonly step: number;
  /** Problems that pass, at first or after reflection; what errored does not. */
  readonly passed: number;
  /** Problems without an outcome: they may have passed. */
  readonly errored: number;
  readonly of: number;
}

/** How training ended, where it did not end with its last step as the one that counts. */
export interface TrainingEnd {
  /** The checkpoint that is measured. */
  readonly measured: number;
  /** The step after which it had destroyed the policy, or in which a number was none. Absent: it had not. */
  readonly diverged?: number;
}

/** What of a run store belongs to training. */
export interface TrainingRows {
  /** The figures of all steps that are kept. */
  steps(): readonly StepFigures[];
  /** What the problems that choose among checkpoints came to with a step's. */
  addProbe(step: number, outcomes: readonly Outcomes[]): void;
  probes(): readonly ProbeScore[];
  /** Training is over, and a checkpoint was chosen. */
  endTraining(end: TrainingEnd): void;
  trainingEnd(): TrainingEnd | undefined;
  /** First attempts before training, and those of them that have no answer. */
  unanswered(): { readonly attempts: number; readonly noAnswer: number };
}

export function createTrainingRows(writer: StoreWriter): TrainingRows {
  const { db, writing } = writer;
  return {
    steps: () => stepFigures(db),
    addProbe: writing((step: number, outcomes: readonly Outcomes[]) => addProbe(writer, step, outcomes)),
    probes: () => probeScores(db),
    endTraining: writing((end: TrainingEnd) => endTraining(writer, end)),
    trainingEnd: () => trainingEnd(db),
    unanswered: () => unanswered(db),
  };
}

/** The figures of all steps, in their order. */
export function stepFigures(db: RunDatabase): readonly StepFigures[] {
  const groups = new Map<number, { passed: number; of: number }[]>();
  const rates = db
    .prepare(
      `SELECT e.step AS step, sum(t.verdict = 'pass') AS passed, count(*) AS n FROM episode e
         JOIN turn t ON t.episode = e.id AND t.role = 'retry'
       WHERE e.stage = 'train' AND e.kind = 'reflected' GROUP BY e.step, e.problem ORDER BY e.step, e.problem`,
    )
    .all() as readonly { readonly step: number; readonly passed: number; readonly n: number }[];
  for (const { step, passed, n } of rates) {
    const of = groups.get(step) ?? [];
    groups.set(step, of);
    of.push({ passed, of: n });
  }
  const texts = db
    .prepare(
      `SELECT e.step AS step, count(*) AS reflections, sum(t.finish = 'length') AS cut, count(DISTINCT t.text) AS "distinct"
       FROM episode e JOIN turn t ON t.episode = e.id AND t.role = 'reflection'
       WHERE e.stage = 'train' AND e.kind = 'reflected' GROUP BY e.step`,
    )
    .all() as readonly (Pick<StepFigures, "reflections" | "cut" | "distinct"> & { readonly step: number })[];
  const written = new Map(texts.map(({ step, ...counts }) => [step, counts]));
  const rows = db.prepare("SELECT * FROM step ORDER BY step").all() as readonly StepRow[];
  return rows.map(({ step, kept, dropped, kl, entropy, grad_norm: gradNorm }) => ({
    ...{ step, kept, dropped, groups: groups.get(step) ?? [] },
    ...(written.get(step) ?? { reflections: 0, cut: 0, distinct: 0 }),
    // Not every server tells the gradient's norm.
    ...(kl === null || entropy === null ? {} : { update: { kl, entropy, gradNorm: gradNorm ?? Number.NaN } }),
  }));
}

/** Outcomes of a probe, by the step of its checkpoint. */
const PROBE = "probe";

/** Training resumes from this step's checkpoint. */
export function forgetProbesAfter(db: RunDatabase, step: number): void {
  db.prepare(`DELETE FROM outcome WHERE stage = '${PROBE}' AND sample > ?`).run(step);
}

function addProbe({ db }: StoreWriter, step: number, outcomes: readonly Outcomes[]): void {
  // A process that ended between a score and its checkpoint comes to the same score again.
  db.prepare(`DELETE FROM outcome WHERE stage = '${PROBE}' AND sample = ?`).run(step);
  const insert = db.prepare(OUTCOME.insert);
  outcomes.forEach(({ first, after }, problem) => {
    for (const [measure, passed] of [
      ["first", first],
      ["after", after],
      ["errored", after === undefined ? false : undefined],
    ] as const) {
      if (passed === undefined) continue;
      const outcome = passed ? "pass" : "fail";
      insert.run(...OUTCOME.cells({ stage: PROBE, problem, sample: step, measure, outcome }));
    }
  });
}

export function probeScores(db: RunDatabase): readonly ProbeScore[] {
  return db
    .prepare(
      `SELECT sample AS step, sum(outcome = 'pass') AS passed, sum(measure = 'errored') AS errored, count(*) AS "of"
       FROM outcome WHERE stage = '${PROBE}' AND measure IN ('after', 'errored') GROUP BY sample ORDER BY sample`,
    )
    .all() as readonly ProbeScore[];
}

function endTraining({ tell }: StoreWriter, { measured, diverged }: TrainingEnd): void {
  if (diverged !== undefined) tell({ kind: "diverged", stage: "train", step: diverged });
  tell({ kind: "measured", stage: "train", step: measured });
}

export function trainingEnd(db: RunDatabase): TrainingEnd | undefined {
  const rows = db
    .prepare("SELECT kind, step FROM news WHERE kind IN ('measured', 'diverged') ORDER BY seq")
    .all() as readonly { readonly kind: string; readonly step: unknown }[];
  for (const { step } of rows) {
    if (Number.isSafeInteger(step) && Number(step) >= 0) continue;
    throw damaged(db.path, new Error(`training cannot have ended at step ${step}`));
  }
  const stepOf = (kind: string): number | undefined =>
    rows.findLast((row) => row.kind === kind)?.step as number | undefined;
  const [measured, diverged] = [stepOf("measured"), stepOf("diverged")];
  if (measured === undefined) return undefined;
  return { measured, ...(diverged === undefined ? {} : { diverged }) };
}

function unanswered(db: RunDatabase): ReturnType<TrainingRows["unanswered"]> {
  return db
    .prepare(
      `SELECT count(*) AS attempts, coalesce(sum(t.code = 'no-answer'), 0) AS noAnswer
       FROM episode e JOIN turn t ON t.episode = e.id AND t.role = 'attempt'
       WHERE e.stage = 'before' AND e.part = 'episodes'`,
    )
    .get() as { readonly attempts: number; readonly noAnswer: number };
}
