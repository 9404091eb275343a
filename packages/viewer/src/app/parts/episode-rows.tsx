import { visibleLine } from "@rrr/core";
import type { EpisodeEntry } from "@rrr/runs";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Filters } from "../lib/episode-list.ts";
import { count, signed } from "../lib/figures.ts";
import { go, hrefOf } from "../lib/route.ts";
import { useKeys } from "../lib/use-asked.ts";
import { placeWords } from "../lib/words.ts";
import { PathBadge } from "./badges.tsx";

interface Props {
  readonly id: string;
  readonly filters: Filters;
  readonly entries: readonly EpisodeEntry[];
  /** Of all that match; undefined while there are more than were read. */
  readonly total: number | undefined;
  /** Reads on where the list ends. */
  readonly more: () => void;
}

/** Rows beyond the window that are laid out too. */
const BEYOND = 12;

/** The list itself: rows of one height, of which those in sight are laid out. */
export function EpisodeRows({ id, filters, entries, total, more }: Props): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const [active, setActive] = useState(-1);
  // Keys may come faster than the list is drawn.
  const at = useRef(active);
  at.current = active;
  /** The focus follows the keys: it does not lead them. */
  const isFollowing = useRef(false);
  const [{ first, last, height }, setSeen] = useState({ first: 0, last: 40, height: 58 });

  useLayoutEffect(() => {
    const look = (): void => {
      const element = list.current;
      if (element === null) return;
      const row = Number.parseFloat(getComputedStyle(element).getPropertyValue("--row")) || 58;
      const top = Math.max(0, -element.getBoundingClientRect().top);
      setSeen({
        height: row,
        first: Math.max(0, Math.floor(top / row) - BEYOND),
        last: Math.ceil((top + innerHeight) / row) + BEYOND,
      });
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, []);
  useEffect(() => {
    if (last >= entries.length && total === undefined) more();
  }, [last, entries.length, total]);

  function move(by: number): void {
    const next = Math.min(entries.length - 1, Math.max(0, at.current + by));
    at.current = next;
    setActive(next);
    const element = list.current;
    if (element === null) return;
    const top = element.getBoundingClientRect().top + next * height;
    if (top < 80) scrollBy(0, top - 80);
    else if (top + height > innerHeight - 20) scrollBy(0, top + height - innerHeight + 20);
  }
  // The row that the keys are at has the focus, so that a screen reader says it: at once, for the next key goes there.
  useLayoutEffect(() => {
    isFollowing.current = true;
    list.current?.querySelector<HTMLAnchorElement>(`a[data-at="${active}"]`)?.focus({ preventScroll: true });
    isFollowing.current = false;
  }, [active]);
  const open = (): void => {
    const entry = entries[at.current];
    if (entry !== undefined) go(hrefOf(`run/${id}/episode/${entry.id}`, filters));
  };
  useKeys({
    ...{ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1) },
    ...{ Enter: open, Escape: () => go(hrefOf(`run/${id}`)) },
  });
  return (
    <ol class="rows" ref={list} style={{ height: `${entries.length * height}px` }}>
      {entries.slice(first, last).map((entry, i) => (
        <Row
          key={entry.id}
          entry={entry}
          at={first + i}
          top={(first + i) * height}
          total={total}
          isActive={first + i === active}
          href={hrefOf(`run/${id}/episode/${entry.id}`, filters)}
          choose={() => isFollowing.current || setActive(first + i)}
        />
      ))}
    </ol>
  );
}

interface RowProps {
  readonly entry: EpisodeEntry;
  readonly at: number;
  readonly top: number;
  readonly total: number | undefined;
  readonly isActive: boolean;
  readonly href: string;
  readonly choose: () => unknown;
}

function Row({ entry, at, top, total, isActive, href, choose }: RowProps): JSX.Element {
  const { path, code, cut, advantage, tokens, preview } = entry;
  const [problem = "", answer = ""] = preview.split("\n");
  return (
    <li
      class={`row ${isActive ? "is-active" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      aria-setsize={total ?? -1}
      aria-posinset={at + 1}
    >
      <a href={href} data-at={at} onFocus={choose}>
        <span class="row-place">{placeWords(entry)}</span>
        <span class="row-path">
          <PathBadge path={path} />
          {code !== null && <code>{visibleLine(code)}</code>}
          {cut === 1 && <span class="badge cut-off">cut off</span>}
        </span>
        <span class="row-text">
          <span class="row-item">{visibleLine(problem)}</span>
          <span class="row-answer">{visibleLine(answer)}</span>
        </span>
        <span class="row-figures">
          {advantage !== null && (
            <span class={advantage > 0 ? "up" : advantage < 0 ? "down" : ""} title="advantage">
              {signed(advantage)}
            </span>
          )}
          {tokens !== null && <small>{count(tokens)} tok</small>}
        </span>
      </a>
    </li>
  );
}
