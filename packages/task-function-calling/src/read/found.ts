import type { Call } from "../call.ts";
import type { Syntax } from "./syntax.ts";

/** What stands at an opening, and where the search goes on. */
export type Found =
  | { readonly kind: "calls"; readonly end: number; readonly syntax: Syntax; readonly calls: readonly Call[] }
  | { readonly kind: "malformed"; readonly end: number; readonly syntax: Syntax; readonly problem: string }
  | { readonly kind: "data"; readonly end: number };

export function data(end: number): Found {
  return { kind: "data", end };
}

export function malformed(syntax: Syntax, end: number, problem: string): Found {
  return { kind: "malformed", syntax, end, problem };
}

/** A match of a sticky or global expression from a place on. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
