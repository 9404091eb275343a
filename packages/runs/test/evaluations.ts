import { type Asked, type MEASURES, type Outcomes, type OutcomeTable, summarize } from "@rrr/trainer";
import type { Measured } from "../src/report/result.ts";

/** An evaluation of 100 items: the first `passed[measure]` of them pass that measure. */
export function evaluation(
  passed: Partial<Record<(typeof MEASURES)[number], number>>,
  errored = 0,
): Measured {
  const outcomesOf = (i: number): Outcomes =>
    Object.fromEntries(Object.entries(passed).map(([measure, count]) => [measure, i < count]));
  const table = Array.from({ length: 100 + errored }, (_, i) => [i < 100 ? outcomesOf(i) : {}]);
  return measured(table);
}

export function measured(table: OutcomeTable, samples = 1, rounds = 1): Measured {
  const has = (measure: "blind" | "greedyFirst") => table.some(([first]) => first?.[measure] !== undefined);
  const isFresh = table.some(([first]) => first?.fresh !== undefined);
  const asked: Asked = {
    ...{ controls: isFresh || has("blind"), greedy: has("greedyFirst") },
    ...(isFresh ? { retryControls: has("blind") ? ["blind", "fresh"] : ["fresh"] } : {}),
  };
  const found = { answers: {}, errors: [], asked };
  return { ...summarize({ table, rounds, asked }), ...found, problems: table.length, samples, rounds, table };
}

export const header = { task: "even", model: "builtin", seed: 0, steps: 5, reward: "retry" } as const;

/** How many of 100 pass before training. */
export const before = {
  first: 15,
  after: 27,
  blind: 20,
  donor: 20,
  passAt2: 27,
  leak: 3,
  greedyFirst: 22,
  greedyAfter: 25,
};

/** How many of 100 pass after training. */
export const after = {
  first: 37,
  after: 52,
  blind: 40,
  donor: 38,
  passAt2: 55,
  leak: 9,
  greedyFirst: 31,
  greedyAfter: 40,
};
