/** What a run is at; each stage ends with its results on disk. */
export type RunStage = "evaluate" | "before" | "mine" | "train" | "after";

/** A stage that evaluates: `evaluate` of a run that only measures, `before` and `after` of one that trains. */
export type EvaluationStage = "evaluate" | "before" | "after";

/** In the order in which a run comes to them. */
export const EVALUATION_STAGES: readonly EvaluationStage[] = ["evaluate", "before", "after"];
