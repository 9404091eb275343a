import type { TaskProgress } from "@rrr/core/testing";
import type { ErrorReport } from "../output/report-error.ts";

/** What the suite's process sends to the command. */
export type CheckMessage =
  | TaskProgress
  | { readonly kind: "loaded"; readonly task: CheckedTask }
  | { readonly kind: "error"; readonly error: ErrorReport }
  | { readonly kind: "end" };

export interface CheckedTask {
  readonly name: string;
  readonly spec: string;
  readonly file: string;
  readonly hasGold: boolean;
  /** Whether the task declares that its request for a reflection tells more than that the attempt failed. */
  readonly feedback: boolean;
}
