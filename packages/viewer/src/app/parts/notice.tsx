import type { ComponentChildren, JSX } from "preact";
import type { AskError } from "../lib/ask.ts";

/** Said in place of what is not there; it says what to do. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  );
}

export function Failed({ error }: { readonly error: AskError }): JSX.Element {
  return (
    <div class="empty" role="alert">
      <h2>{error.status === 401 ? "This page needs its token" : "This cannot be shown"}</h2>
      <p>
        {error.message}
        {error.message.endsWith(".") ? "" : "."} {error.hint}
      </p>
    </div>
  );
}

export function Loading({ what }: { readonly what: string }): JSX.Element {
  return (
    <p class="loading" role="status">
      Reading {what}…
    </p>
  );
}
