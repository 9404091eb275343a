import { visible } from "@rrr/core";
import type { ShownText, TextAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ask, search } from "../lib/ask.ts";
import { count } from "../lib/figures.ts";
import { report } from "../lib/report.ts";

interface Props {
  readonly of: ShownText;
  /** Where the rest of it is: the address of its episode, and its name there. */
  readonly episode: string;
  readonly name: string;
  readonly label: string;
}

/** Characters from which on a text is laid out only where it is in sight, and at most of a piece of it. */
const [FAR, PIECE] = [10_000, 20_000];

/**
 * A text from a model or a task, as text and nothing else. A long one comes in pieces, so that the page stays quick whatever
 * its length; what would hide or turn letters around is written out.
 */
export function LongText({ of, episode, name, label }: Props): JSX.Element {
  const [more, setMore] = useState<readonly string[]>([]);
  const [trouble, setTrouble] = useState("");
  const known = more.reduce((sum, text) => sum + text.length, of.text.length);
  const rest = of.length - known;
  async function show(isAll: boolean): Promise<void> {
    const texts = [...more];
    try {
      for (let from = known; from < of.length; ) {
        const { text } = await ask<TextAnswer>(`${episode}/text${search({ of: name, from })}`);
        texts.push(text);
        setMore([...texts]);
        from += text.length;
        if (!isAll || text === "") return;
      }
    } catch (error) {
      setTrouble((error as Error).message);
    }
  }
  if (of.length === 0) return <p class="nothing">(empty)</p>;
  return (
    <div class="long">
      {[of.text, ...more].flatMap(piecesOf).map((text, i) => (
        <Piece key={i} text={text} />
      ))}
      {rest > 0 && report !== undefined && (
        <p class="cut">
          The first {count(known)} of {count(of.length)} characters; the rest is not in this report.
        </p>
      )}
      {rest > 0 && report === undefined && (
        <p class="cut">
          {count(known)} of {count(of.length)} characters.{" "}
          <button type="button" onClick={() => show(false)} aria-label={`Show more of ${label}`}>
            Show more
          </button>{" "}
          <button type="button" onClick={() => show(true)} aria-label={`Show all of ${label}`}>
            Show all
          </button>{" "}
          {trouble}
        </p>
      )}
    </div>
  );
}

/** Pieces that end with a line, where there is one: a browser lays out each in a moment. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const most = start + PIECE;
    const line = most < text.length ? text.lastIndexOf("\n", most) + 1 : text.length;
    const end = line > start ? line : whole(text, most);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** Not between the halves of a surrogate pair. */
function whole(text: string, end: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end;
}

function Piece({ text }: { readonly text: string }): JSX.Element {
  // The pieces before are not gone through again with each that comes.
  const shown = useMemo(() => visible(text), [text]);
  return <pre class={text.length > FAR ? "text far" : "text"}>{shown}</pre>;
}
