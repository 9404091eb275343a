import { openRunReader, type RunReader } from "@rrr/runs";
import type { CompareAnswer, CurvesAnswer, ResultAnswer } from "./api.ts";
import { compareAnswer, type SideAsked } from "./compare-answer.ts";
import { resultAnswer } from "./run-answers.ts";

/** Figures that every episode of a run goes into. It is data alone: it may be asked of another thread. */
export type FiguresAsked =
  | { readonly kind: "result" | "curves"; readonly folder: string }
  | { readonly kind: "compare"; readonly a: SideAsked; readonly b: SideAsked };

export type FiguresAnswer = ResultAnswer | CurvesAnswer | CompareAnswer;

/** @throws RrrError `bad-run`, and as `compareRuns` does */
export function figuresOf(asked: FiguresAsked): FiguresAnswer {
  if (asked.kind === "compare") return compareAnswer(asked.a, asked.b);
  const reader = openRunReader(asked.folder);
  try {
    return figuresOfReader(asked.kind, reader);
  } finally {
    reader.close();
  }
}

export function figuresOfReader(kind: "result" | "curves", reader: RunReader): ResultAnswer | CurvesAnswer {
  return kind === "result" ? resultAnswer(reader) : reader.curves();
}
