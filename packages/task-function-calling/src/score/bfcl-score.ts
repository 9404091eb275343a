import type { ScoredItem, ScoreLine } from "@rrr/core";
import type { FunctionCallItem } from "../item.ts";

/** What parts come to: each counts the same, or as much as it has problems. */
type Mean = "of parts" | "of problems";
/** A category, or a mean of parts. */
type Part = string | { readonly label: string; readonly mean: Mean; readonly parts: readonly Part[] };

const NON_LIVE: Part = {
  label: "non-live",
  mean: "of parts",
  parts: [
    { label: "simple", mean: "of parts", parts: ["simple_python", "simple_java", "simple_javascript"] },
    "multiple",
    "parallel",
    "parallel_multiple",
  ],
};
const LIVE: Part = {
  label: "live",
  mean: "of problems",
  parts: ["live_simple", "live_multiple", "live_parallel", "live_parallel_multiple"],
};
const IRRELEVANCE: Part = {
  label: "irrelevance",
  mean: "of parts",
  parts: ["irrelevance", "live_irrelevance"],
};
/** What of version 4 is not of one turn is left out: these three have the same weight there. */
const SINGLE_TURN: Part = {
  label: "single turn",
  mean: "of parts",
  parts: [NON_LIVE, LIVE, IRRELEVANCE],
};
const RELEVANCE: Part = { label: "relevance", mean: "of parts", parts: ["live_relevance"] };

/**
 * The score of version 4 of the leaderboard, as far as its questions are of one turn.
 * @see https://github.com/ShishirPatil/gorilla/blob/6ea5797/berkeley-function-call-leaderboard/bfcl_eval/eval_checker/eval_runner_helper.py
 */
export function bfclScore(results: readonly ScoredItem<FunctionCallItem>[]): readonly ScoreLine[] {
  const categories = new Map<string, ScoreLine>();
  for (const [label, passed] of byCategory(results)) {
    const share = passed.reduce((sum, one) => sum + one, 0) / passed.length;
    categories.set(label, { label, depth: 0, problems: passed.length, share });
  }
  return categories.size === 0
    ? []
    : [SINGLE_TURN, RELEVANCE].flatMap((part) => linesOf(part, 0, categories));
}

function byCategory(
  results: readonly ScoredItem<FunctionCallItem>[],
): ReadonlyMap<string, readonly number[]> {
  const passes = new Map<string, number[]>();
  for (const { item, passed } of results) {
    if (item.category === undefined) continue;
    const of = passes.get(item.category);
    if (of === undefined) passes.set(item.category, [passed]);
    else of.push(passed);
  }
  return passes;
}

/** A part's own line first, then those of its parts. */
function linesOf(
  part: Part,
  depth: number,
  categories: ReadonlyMap<string, ScoreLine>,
): readonly [ScoreLine, ...ScoreLine[]] {
  if (typeof part === "string") {
    return [{ ...(categories.get(part) ?? { label: part, problems: 0, share: undefined }), depth }];
  }
  const parts = part.parts.map((inner) => linesOf(inner, depth + 1, categories));
  const heads = parts.map(([head]) => head);
  const problems = heads.reduce((sum, head) => sum + head.problems, 0);
  return [{ label: part.label, depth, problems, share: meanOf(heads, part.mean) }, ...parts.flat()];
}

function meanOf(lines: readonly ScoreLine[], mean: Mean): number | undefined {
  let [sum, weights] = [0, 0];
  for (const { share, problems } of lines) {
    if (share === undefined) return undefined;
    const weight = mean === "of parts" ? 1 : problems;
    sum += share * weight;
    weights += weight;
  }
  return sum / weights;
}
