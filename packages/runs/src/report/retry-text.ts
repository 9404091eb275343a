import { count } from "./format.ts";
import type { Result } from "./result.ts";

/**
 * What must be known of a lift where retries are asked for otherwise than first attempts: that it need not be the
 * reflection's. Empty where they are asked alike.
 */
export function retryText({ retry, limits, before: { asked } }: Result): readonly string[] {
  const differences = [
    ...(retry?.layout === "note" ? ["in the layout note, without the failed attempt"] : []),
    ...(retry?.temperature === undefined ? [] : [`at temperature ${retry.temperature}`]),
    ...(limits === undefined || limits.retry === limits.attempt
      ? []
      : [`with ${count(limits.retry)} tokens for ${count(limits.attempt)}`]),
  ];
  // It is the control of retries that are asked for otherwise.
  if (!asked.retryControls?.includes("fresh")) return [];
  const worth = asked.controls
    ? "A fresh attempt under the same conditions has no reflection: reflections are worth only what success after reflection " +
      "gains over it."
    : "Without controls, how much of a lift is theirs and how much is the reflections' is NOT known.";
  const which = differences.length === 0 ? "" : `: ${differences.join(", ")}`;
  return [`Retries had other conditions than first attempts${which}. ${worth}`];
}
