import type { Episode, Estimate, RolloutSettings } from "@rrr/core";

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

export type Measure = (typeof MEASURES)[number];

/** Whether an item passed; a measure is missing where it does not apply or errored. */
export type Outcomes = Readonly<Partial<Record<Measure, boolean>>>;

/** One item: what happened, and whether it passed. */
export interface ItemOutcome<Item = unknown> {
  readonly item: Item;
  readonly episode: Episode<Item>;
  readonly outcomes: Outcomes;
}

/** A share with its Wilson 95 % interval. */
export interface Rate extends Estimate {
  readonly passed: number;
  readonly of: number;
}

export interface Evaluation<Item = unknown> {
  readonly task: string;
  readonly model: string;
  /** Measures that came to at least one outcome. */
  readonly rates: Readonly<Partial<Record<Measure, Rate>>>;
  /** Items whose episode errored: in no rate. A control that errored shows in its rate's `of`. */
  readonly errored: number;
  /** Mean sampled tokens of each turn; missing where there was no such turn. */
  readonly tokens: { readonly attempt?: number; readonly reflection?: number; readonly retry?: number };
  /** In the order of the items. */
  readonly items: readonly ItemOutcome<Item>[];
}

export interface EvaluationSettings extends RolloutSettings {
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
  controls: true,
  greedy: true,
  concurrency: 1_024,
};

export interface EvaluationProgress {
  readonly stage: "episodes" | "controls" | "greedy";
  /** Items of this stage. */
  readonly done: number;
  readonly total: number;
  /** Shares so far, of the items without errors. */
  readonly first: number | undefined;
  readonly after: number | undefined;
  readonly errored: number;
  /** In the whole evaluation so far. */
  readonly sampledTokens: number;
}
