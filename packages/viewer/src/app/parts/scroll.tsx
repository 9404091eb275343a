import type { ComponentChildren, JSX } from "preact";

interface Props {
  /** Id of the heading above. */
  readonly under: string;
  readonly children: ComponentChildren;
}

/** What may be wider than the window; keys can scroll it. */
export function Scroll({ under, children }: Props): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse it could not be scrolled
    <section class="scroll" tabIndex={0} aria-labelledby={under}>
      {children}
    </section>
  );
}
