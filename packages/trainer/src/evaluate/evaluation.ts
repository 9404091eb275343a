import type { RolloutSettings } from "@rrr/core";
import type { AnswerCounts } from "./answers.ts";
import type { OutcomeTable } from "./coverage.ts";
import type { ErrorCount } from "./error-counts.ts";
import type { EvaluationPart, UnitResult } from "./evaluation-record.ts";
import type { RetryControl } from "./retry-controls.ts";

/**
 * What is measured, each as a share of the items. An item that the first attempt solves counts as passed for
 * every measure but `leak`, so that all of them can be compared with `after`.
 *
 * - `first`: the first attempt passes.
 * - `after`: the first attempt or the retry after the model's own reflection passes.
 * - `blind`: … or a retry that saw the failed attempt but no reflection. Not in the retry layout `note`, where retries do
 *   not see it: there `fresh` is that.
 * - `fresh`: … or a fresh attempt under the retry's conditions: at its temperature and with its limit of tokens. Only
 *   where the retry's conditions are not the first attempt's: see `retryControlsOf`.
 * - `donor`: … or a retry after the reflection written for another item, the next one that failed.
 * - `passAt2`: … or a second, independent attempt under the conditions of the first.
 * - `matched`: … or one of as many independent attempts as fit into the tokens that this item's own attempt,
 *   reflection and retry took.
 * - `leak`: share of reflections that state a complete right answer.
 * - `greedyFirst`, `greedyAfter`: first and after, decoded greedily.
 * - `after2`, `after3`, …: the first attempt or a retry after one of so many reflections passes; only where the
 *   settings allow as many rounds.
 */
export const MEASURES = [
  "first",
  "after",
  "blind",
  "fresh",
  "donor",
  "passAt2",
  "matched",
  "leak",
  "greedyFirst",
  "greedyAfter",
] as const;

export type Measure = (typeof MEASURES)[number] | LaterRound;
type LaterRound = `after${number}`;

/** Something for some of the measures. */
export type OfMeasures<Value> = { [M in (typeof MEASURES)[number]]?: Value } & {
  [later: LaterRound]: Value;
};

/** The measures of an evaluation with so many rounds, in the order in which they are shown. */
export function measuresOf(rounds = 1): readonly Measure[] {
  const later = Array.from({ length: rounds - 1 }, (_, i): Measure => `after${i + 2}`);
  return MEASURES.flatMap((measure) => (measure === "after" ? [measure, ...later] : [measure]));
}

/** Whether a sample passed; a measure is missing where it does not apply, or errored: see `coverage`. */
export type Outcomes = Readonly<OfMeasures<boolean>>;

/**
 * A share of the items with its 95 % interval: see `clusteredShare`. Where samples have no outcome, the share cannot be
 * known: there are its bounds instead, and the interval reaches from the lower end where all of these failed to the upper
 * end where all passed.
 */
export interface Share {
  /** Absent where samples have no outcome. */
  readonly value?: number;
  readonly low: number;
  readonly high: number;
  /** The share if all samples without an outcome failed, and if all passed; absent where all have one. */
  readonly bounds?: readonly [number, number];
}

/** A share of the items, each with the share of its samples. */
export interface Rate extends Share {
  /** Samples, one or more an item: those that passed, that came to an outcome, and that should have and did not. */
  readonly passed: number;
  readonly of: number;
  readonly missing: number;
}

/** Chance that at least one of k samples of an item passes, in the mean over the items. */
export interface PassAtK {
  readonly k: number;
  readonly first: Share;
  /** Each sample with its reflection and retry. */
  readonly after: Share;
}

/** What was to be measured besides the episodes. */
export interface Asked extends Pick<EvaluationSettings, "controls" | "greedy"> {
  /** The controls that are a retry without a reflection: see `retryControlsOf`. Default: `blind`. */
  readonly retryControls?: readonly RetryControl[];
}

/** The figures of an evaluation, and the outcomes that they are made from. The episodes are in its record. */
export interface Evaluation {
  readonly task: string;
  readonly model: string;
  readonly problems: number;
  /** Of the items in their order, hex: two evaluations are paired problem by problem only where it is the same. */
  readonly itemsHash: string;
  /** Episodes of each problem. */
  readonly samples: number;
  /** Reflections that a failed attempt got at most. */
  readonly rounds: number;
  readonly asked: Asked;
  /** Measures that came to at least one outcome. */
  readonly rates: Readonly<OfMeasures<Rate>>;
  /** For k = 1, 2, 4, … and the number of samples; empty with one sample. */
  readonly passAt: readonly PassAtK[];
  /** Episodes that errored. Those with a failed attempt count in `first`; what else they lack is in each rate's `missing`. */
  readonly errored: number;
  /** Why something has no outcome, the most frequent reasons first. */
  readonly errors: readonly ErrorCount[];
  readonly answers: AnswerCounts;
  /** Outcomes by problem, in the order of the items, and by sample. */
  readonly table: OutcomeTable;
}

export interface EvaluationSettings extends RolloutSettings {
  /** Independent episodes of each item. */
  readonly samples: number;
  readonly rounds: number;
  /** Whether to measure blind or fresh, donor, passAt2, matched and leak: about as much work again as the episodes. */
  readonly controls: boolean;
  /** Whether to measure greedyFirst and greedyAfter. */
  readonly greedy: boolean;
  /** Items under way at once; changes speed, never results. */
  readonly concurrency: number;
}

export const DEFAULT_EVALUATION_SETTINGS: EvaluationSettings = {
  seed: 0,
  temperature: 1,
  samples: 1,
  rounds: 1,
  controls: true,
  greedy: true,
  concurrency: 1_024,
};

export interface EvaluationProgress<Item = unknown> {
  readonly part: EvaluationPart;
  /** Samples of this part, those of an earlier process included; items, for the greedy one. */
  readonly done: number;
  readonly total: number;
  /** Shares so far, at least: what errored counts as not passed. Undefined while there are too few for a fair one. */
  readonly first: number | undefined;
  readonly after: number | undefined;
  readonly errored: number;
  /** By this process. */
  readonly sampledTokens: number;
  /** The unit that came last. */
  readonly result: UnitResult<Item>;
}
