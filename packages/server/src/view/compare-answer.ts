import { basename } from "node:path";
import { type ComparedRun, compareRuns, comparisonFindings, comparisonRows, noteOf } from "@rrr/runs";
import type { CompareAnswer, ComparedSide } from "./api.ts";

/** Characters of an item in the list of those that flipped. */
const ITEM = 300;
/** Flips that come; a comparison with more is not read one by one. */
const MOST_FLIPS = 2_000;

/** One of the two evaluations: a run, and which of its evaluations; undefined: the last. */
export interface SideAsked {
  readonly id: string;
  readonly folder: string;
  readonly stage: "before" | "after" | undefined;
}

/** @throws RrrError as `compareRuns` does */
export function compareAnswer(a: SideAsked, b: SideAsked): CompareAnswer {
  const comparison = compareRuns(named(a), named(b), "/");
  const { runs, problems, left, flips, settings } = comparison;
  const item = (value: unknown): string => JSON.stringify(value).slice(0, ITEM);
  return {
    ...comparisonRows(comparison),
    sides: [sideOf(a, runs[0]), sideOf(b, runs[1])],
    ...{ problems, left, settings, findings: comparisonFindings(comparison) },
    flips: flips.slice(0, MOST_FLIPS).map((flip) => ({ ...flip, item: item(flip.item) })),
    flipsLeft: Math.max(0, flips.length - MOST_FLIPS),
    note: noteOf(Math.max(runs[0].summary.samples, runs[1].summary.samples)),
  };
}

/** The end of a folder's own name could be taken for a stage. */
function named({ folder, stage }: SideAsked): string {
  if (stage !== undefined) return `${folder}:${stage}`;
  return /:(before|after)$/.test(folder) ? `${folder}/.` : folder;
}

function sideOf({ id }: SideAsked, { folder, task, model, stage, status }: ComparedRun): ComparedSide {
  return { id, name: basename(folder), task, model, stage, state: status };
}
