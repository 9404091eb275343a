/** Figures of a run by training step: what learning curves, a page and trackers show. */
import {
  type Measure,
  type Outcomes,
  type OutcomeTable,
  type Rate,
  type Share,
  summarize,
} from "@rrr/trainer";
import type { EvaluationStage } from "../flow/stages.ts";
import type { Measured } from "../report/result.ts";
import type { RunDatabase } from "../store/database.ts";
import type { StepRow } from "../store/schema.ts";
import type { StoredRun } from "../store/stored-run.ts";
import type { TrainingEnd } from "../store/training-rows.ts";

/** In the order in which they are shown; docs/metrics.md says what each is. */
export const CURVES = [
  "first-try",
  "after-reflection",
  "retries",
  "kl",
  "entropy",
  "reflection-tokens",
  "dropped-groups",
  "gradient-norm",
  "tokens-per-second",
] as const;

export type CurveName = (typeof CURVES)[number];

/** A figure at a step; step 0 is before training. */
export interface CurvePoint extends Partial<Share> {
  readonly step: number;
  /**
   * What it is of: an evaluation on the held-out problems of the result table; a probe on those that choose among
   * checkpoints, which are others; or the training step itself.
   */
  readonly of: "evaluation" | "probe" | "step";
  /** Episodes or problems without an outcome. Where it is there, a share is given by its `bounds`. */
  readonly errored?: number;
  /** Share of the reflections that were cut off at the limit of tokens: the true length is more. */
  readonly cut?: number;
}

export interface RunCurves {
  /** Those of which the run knows at least one point. */
  readonly curves: Readonly<Partial<Record<CurveName, readonly CurvePoint[]>>>;
  /** Steps that the plan has; undefined for a run of an older version or without training. */
  readonly plannedSteps: number | undefined;
  /** The step after which training was ended because it had destroyed the policy. */
  readonly divergedAt: number | undefined;
}

/** @param measured figures of the evaluations that have begun @param end how training ended, where that is known */
export function runCurves(
  db: RunDatabase,
  { spec }: StoredRun,
  measured: ReadonlyMap<EvaluationStage, Measured>,
  end: TrainingEnd | undefined,
): RunCurves {
  const plan = spec?.plan.kind === "train" ? spec.plan : undefined;
  const steps = db.prepare("SELECT * FROM step ORDER BY step").all() as readonly StepRow[];
  const lastStep = end?.measured ?? steps.at(-1)?.step ?? 0;
  const held = [...measured].map(
    ([stage, figures]) => [stage === "after" ? lastStep : 0, figures.rates] as const,
  );
  const probes = probeRates(db);
  const shares = (measure: "first" | "after"): CurvePoint[] => [
    ...held.flatMap(([step, rates]) => shareAt(step, "evaluation", rates[measure])),
    ...[...probes].flatMap(([step, rates]) => shareAt(step, "probe", rates[measure])),
  ];
  const retries = retryRates(db);
  // Where nothing is compared with the start, engines say 0.
  const hasReference = plan?.train.klCoefficient !== 0;
  const of = (figure: (row: StepRow) => Partial<CurvePoint> | undefined): CurvePoint[] =>
    steps.flatMap((row) => {
      const point = figure(row);
      return point === undefined ? [] : [{ step: row.step, of: "step", ...point }];
    });
  const all: Record<CurveName, readonly CurvePoint[]> = {
    "first-try": shares("first"),
    "after-reflection": shares("after"),
    retries: of(({ step, pass_rate }) => retries.get(step) ?? { value: pass_rate }),
    kl: of(({ kl }) => (hasReference ? number(kl) : undefined)),
    entropy: of(({ entropy }) => number(entropy)),
    "reflection-tokens": of(({ reflection_tokens, truncated }) => ({
      value: reflection_tokens,
      ...(truncated > 0 && { cut: truncated }),
    })),
    "dropped-groups": of(({ kept, dropped }) =>
      kept + dropped === 0 ? undefined : { value: dropped / (kept + dropped) },
    ),
    "gradient-norm": of(({ grad_norm }) => number(grad_norm)),
    "tokens-per-second": of(({ sampled_tokens, sampling_seconds, update_seconds }) =>
      number(sampled_tokens / (sampling_seconds + update_seconds)),
    ),
  };
  const known = CURVES.filter((name) => all[name].length > 0).map((name) => [name, all[name]]);
  return {
    curves: Object.fromEntries(known),
    plannedSteps: plan?.train.steps,
    divergedAt: end?.diverged,
  };
}

/** Nothing where a step did not come to it. */
function number(value: number | null): { readonly value: number } | undefined {
  return value !== null && Number.isFinite(value) ? { value } : undefined;
}

function shareAt(step: number, of: CurvePoint["of"], rate: Rate | undefined): CurvePoint[] {
  return rate === undefined ? [] : [{ step, of, ...figureOf(rate) }];
}

function figureOf({ passed: _, of: __, missing, ...share }: Rate): Partial<CurvePoint> {
  return { ...share, ...(missing > 0 && { errored: missing }) };
}

function ratesOf(table: OutcomeTable): Readonly<Partial<Record<Measure, Rate>>> {
  return summarize({ table, rounds: 1, asked: { controls: false, greedy: false } }).rates;
}

/** What the problems that choose among checkpoints came to, by step. */
function probeRates(db: RunDatabase): ReadonlyMap<number, Readonly<Partial<Record<Measure, Rate>>>> {
  const rows = db
    .prepare(
      "SELECT problem, sample AS step, measure, outcome FROM outcome WHERE stage = 'probe' ORDER BY sample, problem",
    )
    .all() as readonly { problem: number; step: number; measure: Measure | "errored"; outcome: string }[];
  const tables = new Map<number, Map<number, Record<string, boolean>>>();
  for (const { problem, step, measure, outcome } of rows) {
    const table = tables.get(step) ?? new Map<number, Record<string, boolean>>();
    tables.set(step, table);
    const outcomes = table.get(problem) ?? {};
    table.set(problem, outcomes);
    if (measure !== "errored") outcomes[measure] = outcome === "pass";
  }
  return new Map(
    [...tables].map(([step, table]) => [step, ratesOf([...table.values()].map((each) => [each]))]),
  );
}

/** The share of each step's retries that pass; the failures that a step starts from are its problems. */
function retryRates(db: RunDatabase): ReadonlyMap<number, Partial<CurvePoint>> {
  const rows = db
    .prepare(
      `SELECT e.step AS step, sum(e.kind = 'reflected') AS reflected, sum(e.kind = 'errored') AS errored,
         sum(e.kind = 'reflected' AND t.verdict = 'pass') AS passed
       FROM episode e LEFT JOIN turn t ON t.episode = e.id AND t.role = 'retry'
       WHERE e.stage = 'train' GROUP BY e.step, e.problem ORDER BY e.step, e.problem`,
    )
    .all() as readonly { step: number; reflected: number; errored: number; passed: number | null }[];
  const tables = new Map<number, (readonly Outcomes[])[]>();
  for (const { step, reflected, errored, passed } of rows) {
    const table = tables.get(step) ?? [];
    tables.set(step, table);
    const verdicts = Array.from({ length: reflected }, (_, i): Outcomes => ({ first: i < (passed ?? 0) }));
    table.push([...verdicts, ...Array.from({ length: errored }, (): Outcomes => ({}))]);
  }
  return new Map(
    [...tables].flatMap(([step, table]) => {
      const rate = ratesOf(table).first;
      return rate === undefined ? [] : [[step, figureOf(rate)] as const];
    }),
  );
}
