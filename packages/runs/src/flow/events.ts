/** A run as it goes on: the store takes each event first, then the display, `--json`, a page or a program. */

import type { TemplateHistory } from "@rrr/core";
import type { OpenedModel } from "@rrr/models";
import type {
  ErrorCount,
  Evaluation,
  EvaluationPart,
  MinedFailure,
  StepReport,
  TrainingWarning,
  UnitResult,
} from "@rrr/trainer";
import type { Result } from "../report/result.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import type { ProbeScore } from "../store/training-rows.ts";
import type { Estimate } from "./estimate.ts";
import type { LookFinding } from "./look.ts";
import type { EvaluationStage, RunStage } from "./stages.ts";

export type RunEvent =
  | {
      readonly kind: "run";
      readonly command: "run" | "eval";
      readonly folder: string;
      readonly task: string;
      readonly model: string;
      readonly seed: number;
      readonly spec: RunSpec;
    }
  /** What is worth knowing before it begins. */
  | { readonly kind: "note"; readonly text: string }
  | EstimateEvent
  /** The model's chat template does not show earlier answers to the letter; comes first, and says so in sentences. */
  | { readonly kind: "template"; readonly history: TemplateHistory; readonly text: readonly string[] }
  /** A stage begins. */
  | { readonly kind: "stage"; readonly stage: RunStage }
  | ProgressEvent
  /** A unit of an evaluation is there, and in the store's hands. */
  | { readonly kind: "unit"; readonly stage: EvaluationStage; readonly result: UnitResult }
  /** A failed attempt to learn from, in the order of their problems. */
  | { readonly kind: "failure"; readonly failure: MinedFailure }
  /** What is wrong with what training starts from; comes only where something is. `stops`: the run ends here. */
  | { readonly kind: "look"; readonly findings: readonly LookFinding[]; readonly stops: boolean }
  | { readonly kind: "step"; readonly report: StepReport }
  /** Training goes wrong: said once, and again when it is worse. */
  | ({ readonly kind: "warning" } & TrainingWarning)
  /** What the weights of a step come to on the problems that choose among checkpoints. */
  | ({ readonly kind: "probe"; readonly isBest: boolean } & ProbeScore)
  /** Training has destroyed the policy, and ends at this step. */
  | { readonly kind: "diverged"; readonly step: number }
  /** The checkpoint of this step is the one that counts. */
  | { readonly kind: "measured"; readonly step: number; readonly folder: string }
  /** A checkpoint is whole and on disk. */
  | { readonly kind: "checkpoint"; readonly step: number; readonly folder: string }
  /** An evaluation is complete. */
  | {
      readonly kind: "evaluation";
      readonly stage: EvaluationStage;
      readonly rates: Evaluation["rates"];
      readonly errored: number;
      readonly answers: Evaluation["answers"];
      /** The most frequent reasons for which something has no outcome. */
      readonly reasons: readonly ErrorCount[];
    }
  /** The failures are collected. */
  | {
      readonly kind: "failures";
      readonly failures: number;
      readonly problems: number;
      readonly attempts: number;
      readonly errored: number;
    }
  | SpentEvent
  | { readonly kind: "result"; readonly folder: string; readonly result: Result };

/** Where a stage is, after each unit and about once a second. */
export type ProgressEvent = {
  readonly kind: "progress";
  readonly done: number;
  readonly total: number;
  /** In this stage, by this process. */
  readonly sampledTokens: number;
  readonly tokensPerSecond: number;
  /** Of a model on a server: requests that were sent again, how long it held others off, and when it is asked next. */
  readonly traffic?: ReturnType<NonNullable<OpenedModel["traffic"]>>;
  /** Of an engine on a server: what it waits for, longer than it should take. */
  readonly waitsFor?: string;
} & (
  | {
      readonly stage: EvaluationStage;
      readonly part: EvaluationPart;
      readonly unit: "problems" | "samples";
      /** Shares so far, at least so much where some errored; undefined while there are too few for a fair one. */
      readonly first: number | undefined;
      readonly after: number | undefined;
      readonly errored: number;
    }
  | {
      readonly stage: "mine";
      readonly unit: "failures";
      readonly problems: number;
      readonly mastered: number;
      readonly attempts: number;
      readonly errored: number;
    }
  | { readonly stage: "train"; readonly unit: "steps"; readonly report: StepReport | undefined }
);

/** What asking a server that is paid will take, as far as that can be said before. */
export interface EstimateEvent extends Estimate {
  readonly kind: "estimate";
  readonly server: string;
}

/** What asking the model took. */
export interface SpentEvent {
  readonly kind: "spent";
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number | undefined;
  /** Requests whose tokens nobody said: the counts are the most that they can have taken. */
  readonly estimated: number;
  /** Answers that came from the cache; undefined without one. */
  readonly cached: number | undefined;
}
