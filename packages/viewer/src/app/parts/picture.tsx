import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** What it shows, for who cannot see it. */
  readonly label: string;
  /** Draws it for a width in pixels. */
  readonly draw: (width: number) => Element | undefined;
  /** What it depends on: it is drawn anew when this is another. */
  readonly drawn: string;
}

/** A picture as wide as its place. */
export function Picture({ label, draw, drawn }: Props): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let width = 0;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === width || element.clientWidth === 0) return;
      width = element.clientWidth;
      const picture = draw(width);
      if (picture === undefined) return;
      // The whole is one picture with one name; its parts have none.
      for (const part of picture.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
      element.replaceChildren(picture);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [drawn]);
  return <div ref={place} class="picture" role="img" aria-label={label} />;
}
