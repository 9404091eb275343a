import type { JSX } from "preact";
import { PATHS } from "../lib/words.ts";

/** The state of a run; colour says the same as the word. */
export function StateBadge({ state }: { readonly state: string }): JSX.Element {
  if (state === "unread") return <span class="nothing">…</span>;
  return <span class={`badge state-${state}`}>{state}</span>;
}

export function PathBadge({ path }: { readonly path: string }): JSX.Element {
  return <span class={`badge path-${path}`}>{PATHS[path] ?? path}</span>;
}

export function VerdictBadge({ verdict }: { readonly verdict: "pass" | "fail" }): JSX.Element {
  return <span class={`badge verdict-${verdict}`}>{verdict}</span>;
}
