import type { Call } from "../call.ts";
import type { Syntax } from "./syntax.ts";

/** What stands at an opening, and where the search goes on. */
export type Found = Meant | { readonly kind: "data"; readonly end: number };

/** Calls, or what was meant as such. */
export type Meant = Extent &
  (
    | { readonly kind: "calls"; readonly syntax: Syntax; readonly calls: readonly Call[] }
    | { readonly kind: "malformed"; readonly syntax: Syntax; readonly problem: string }
  );

interface Extent {
  /** Where a name stands before the opening; by default it begins with that. */
  readonly start?: number;
  readonly end: number;
  /** A sentence mentions it. */
  readonly isAside?: boolean;
}

export function data(end: number): Found {
  return { kind: "data", end };
}

export function malformed(syntax: Syntax, end: number, problem: string): Meant {
  return { kind: "malformed", syntax, end, problem };
}

/** A match of a sticky or global expression from a place on. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
