import type { Estimate, RolloutSettings } from "@rrr/core";
import type { EvaluationPart, UnitResult } from "./evaluation-record.ts";
import type { OutcomeTable } from "./summarize.ts";

/**
 * What is measured, each as a share of the items. An item that the first attempt solves counts as passed for
 * every measure but `leak`, so that all of them can be compared with `after`.
 *
 * - `first`: the first attempt passes.
 * - `after`: the first attempt or the retry after the model's own reflection passes.
 * - `blind`: … or a retry that saw the failed attempt but no reflection.
 * - `donor`: … or a retry after the reflection written for another item, the next one that failed.
 * - `passAt2`: … or a second, independent attempt.
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

/** Whether a sample passed; a measure is missing where it does not apply or errored. */
export type Outcomes = Readonly<OfMeasures<boolean>>;

/** A share of the items, each with the share of its samples, and its 95 % interval: see `clusteredShare`. */
export interface Rate extends Estimate {
  /** Samples, one or more an item. */
  readonly passed: number;
  readonly of: number;
}

/** Chance that at least one of k samples of an item passes, in the mean over the items. */
export interface PassAtK {
  readonly k: number;
  readonly first: Estimate;
  /** Each sample with its reflection and retry. */
  readonly after: Estimate;
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
  /** Measures that came to at least one outcome. */
  readonly rates: Readonly<OfMeasures<Rate>>;
  /** For k = 1, 2, 4, … and the number of samples; empty with one sample. */
  readonly passAt: readonly PassAtK[];
  /** Episodes that errored: in no rate. A control that errored shows in its rate's `of`. */
  readonly errored: number;
  /** Mean sampled tokens of each turn; missing where there was no such turn. */
  readonly tokens: { readonly attempt?: number; readonly reflection?: number; readonly retry?: number };
  /** Outcomes by problem, in the order of the items, and by sample. */
  readonly table: OutcomeTable;
}

export interface EvaluationSettings extends RolloutSettings {
  /** Independent episodes of each item. */
  readonly samples: number;
  readonly rounds: number;
  /** Whether to measure blind, donor, passAt2, matched and leak: about as much work again as the episodes. */
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
  /** Shares so far, of the samples without errors; undefined while there are too few for a fair one. */
  readonly first: number | undefined;
  readonly after: number | undefined;
  readonly errored: number;
  /** By this process. */
  readonly sampledTokens: number;
  /** The unit that came last. */
  readonly result: UnitResult<Item>;
}
