import type { RrrError } from "./errors.ts";

/** Outcome of checking one completion. `invalid` = the check could not be made; it is never a reward of 0. */
export type Verdict =
  | { readonly kind: "pass" }
  | { readonly kind: "fail"; readonly code: string; readonly detail?: string }
  | { readonly kind: "invalid"; readonly error: RrrError };

export function pass(): Verdict {
  return { kind: "pass" };
}

/** @param code kebab-case, from a small set that the task documents. */
export function fail(code: string, detail?: string): Verdict {
  return detail === undefined ? { kind: "fail", code } : { kind: "fail", code, detail };
}

export function invalid(error: RrrError): Verdict {
  return { kind: "invalid", error };
}
