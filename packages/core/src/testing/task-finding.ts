import type { Finding } from "./finding.ts";

/** Everything that the conformance suite looks for, in the order in which it looks. */
export const TASK_FINDING_CODES = [
  /** It is no task at all, or a method of it threw or hung. */
  "broken",
  /** A split has no items. */
  "no-items",
  /** The same split and seed gave other items, or the same item another prompt. */
  "not-reproducible",
  /** An item is in both splits. */
  "splits-overlap",
  /** The schema refuses the task's own item, as it is or after a trip through JSON. */
  "schema-refuses-item",
  /** A method changed the item that it was given. */
  "item-changed",
  /** The verifier does not pass the gold completion. */
  "gold-fails",
  /** The prompt contains the gold completion, or gives its answer away at a fixed place. */
  "gold-in-prompt",
  /** The verifier throws, hangs or returns no verdict. */
  "verifier-breaks",
  /** The verifier passes an output that is no answer. */
  "hostile-passes",
  /** The same item and completion got another verdict. */
  "verdict-varies",
  /** A verdict took longer than a fifth of what a verifier may take. */
  "verifier-slow",
  /** One verdict in a thousand allocated more than 64 MB. */
  "verifier-memory",
  /** A part of the prompt, such as an example in it, passes as it stands there. */
  "copy-passes",
  /** `showItem` or `showAnswer` throws, hangs, or returns what cannot be shown. */
  "show-breaks",
  /** The request for a reflection states the gold completion's answer. */
  "gold-in-request",
  /** The request for a reflection tells more than that the attempt failed, and the task does not declare it. */
  "undeclared-feedback",
] as const;

export type TaskFindingCode = (typeof TASK_FINDING_CODES)[number];

/** What became known of a task while the suite runs. */
export type TaskProgress =
  /** What is tried next, and what that decides; if it never comes back, that is a finding of the first code. */
  | { readonly kind: "checking"; readonly codes: readonly TaskFindingCode[]; readonly what: string }
  | { readonly kind: "finding"; readonly finding: Finding<TaskFindingCode> }
  /** What a verdict cost, at the 99.9th percentile of so many outputs. */
  | { readonly kind: "measured"; readonly outputs: number; readonly ms: number; readonly bytes: number };
