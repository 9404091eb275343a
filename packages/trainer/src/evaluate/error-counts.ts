import type { RrrError } from "@rrr/core";
import type { UnitResult } from "./evaluation-record.ts";

/** A reason for which something has no outcome, and how often. */
export interface ErrorCount {
  readonly where: "episodes" | "greedy" | "blind" | "donor" | "independent";
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

export function createErrorCounter(): {
  add(result: UnitResult): void;
  counts(): readonly ErrorCount[];
} {
  const found = new Map<string, ErrorCount>();
  function addOne(where: ErrorCount["where"], { code, message }: RrrError): void {
    const key = JSON.stringify([where, code, message]);
    found.set(key, { where, code, message, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return {
    add(result) {
      if (result.part === "controls") for (const { role, error } of result.errors) addOne(role, error);
      else if (result.episode.kind === "errored") addOne(result.part, result.episode.error);
    },
    counts: () => [...found.values()].toSorted((a, b) => b.count - a.count),
  };
}
