import type { Outcomes } from "@rrr/trainer";
import type { EpisodeRow } from "./schema.ts";

type Kind = EpisodeRow["kind"];

/** Samples whose outcomes were not read yet, by the kind of their episode. */
export const UNREAD: Readonly<Record<Kind, Outcomes>> = {
  solved: {},
  reflected: {},
  failed: {},
  errored: {},
};

const KINDS = new Map(Object.entries(UNREAD).map(([kind, outcomes]) => [outcomes, kind as Kind]));

/** The kind of the episode, where its outcomes were not read yet. */
export function unreadKind(outcomes: Outcomes): Kind | undefined {
  return KINDS.get(outcomes);
}

/** Whether an episode of this kind has its outcomes: without them it would be counted as errored. */
export function isWhole(kind: Kind, outcomes: Outcomes, rounds: number): boolean {
  if (kind === "errored") return true;
  if (outcomes.first !== (kind === "solved")) return false;
  const after = Array.from({ length: rounds }, (_, i) => (i === 0 ? "after" : (`after${i + 1}` as const)));
  // An error ended one that is to go on.
  return kind === "failed" || after.every((measure) => outcomes[measure] !== undefined);
}
