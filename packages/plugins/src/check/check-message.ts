import type { RrrErrorCode } from "@rrr/core";
import type { TaskProgress } from "@rrr/core/testing";

/** What the suite's process sends to the command. */
export type CheckMessage =
  | TaskProgress
  | { readonly kind: "loaded"; readonly task: CheckedTask }
  | { readonly kind: "error"; readonly error: Refusal }
  | { readonly kind: "end" };

export interface CheckedTask {
  readonly name: string;
  readonly spec: string;
  readonly file: string;
  readonly hasGold: boolean;
  /** Whether the task declares that its request for a reflection tells more than that the attempt failed. */
  readonly feedback: boolean;
  /** Whether the task declares that all of its items are held out. */
  readonly testOnly: boolean;
}

/** Why a plugin could not be loaded. */
export interface Refusal {
  readonly code: RrrErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
}
