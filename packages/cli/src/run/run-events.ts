/** What `--json` writes while a run goes on: one object a line on standard output. */

import type { Result } from "@rrr/runs";
import type { Evaluation, StepReport } from "@rrr/trainer";

export type RunEvent =
  | {
      readonly kind: "run";
      readonly command: "run" | "eval";
      readonly folder: string;
      readonly task: string;
      readonly model: string;
      readonly seed: number;
    }
  | {
      readonly kind: "evaluation";
      readonly stage: "evaluate" | "before" | "after";
      readonly rates: Evaluation["rates"];
      readonly errored: number;
    }
  | {
      readonly kind: "failures";
      readonly failures: number;
      readonly problems: number;
      readonly attempts: number;
      readonly errored: number;
    }
  | ({ readonly kind: "step" } & Omit<StepReport, "groups">)
  | { readonly kind: "stopped"; readonly folder: string }
  | ({ readonly kind: "result"; readonly folder: string } & Result);

export type EmitEvent = (event: RunEvent) => void;

export function writeEvent(event: RunEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
