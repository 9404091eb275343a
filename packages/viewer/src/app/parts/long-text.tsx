import { visible } from "@rrr/core";
import type { ShownText, TextAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
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

/** Characters from which on a text is laid out only where it is in sight. */
const FAR = 10_000;

/**
 * A text from a model or a task, as text and nothing else. A long one comes in pieces, so that the page stays quick whatever
 * its length; what would hide or turn letters around is written out.
 */
export function LongText({ of, episode, name, label }: Props): JSX.Element {
  const [more, setMore] = useState<readonly string[]>([]);
  const [trouble, setTrouble] = useState("");
  const known = more.reduce((sum, text) => sum + text.length, of.text.length);
  const rest = of.length - known;
  async function showMore(): Promise<void> {
    try {
      const answer = await ask<TextAnswer>(`${episode}/text${search({ of: name, from: known })}`);
      setMore([...more, answer.text]);
    } catch (error) {
      setTrouble((error as Error).message);
    }
  }
  if (of.length === 0) return <p class="nothing">(empty)</p>;
  return (
    <div class="long">
      {[of.text, ...more].map((text, i) => (
        <pre key={i} class={text.length > FAR ? "text far" : "text"}>
          {visible(text)}
        </pre>
      ))}
      {rest > 0 && report !== undefined && (
        <p class="cut">
          The first {count(known)} of {count(of.length)} characters; the rest is not in this report.
        </p>
      )}
      {rest > 0 && report === undefined && (
        <p class="cut">
          {count(known)} of {count(of.length)} characters.{" "}
          <button type="button" onClick={showMore} aria-label={`Show more of ${label}`}>
            Show more
          </button>{" "}
          {trouble}
        </p>
      )}
    </div>
  );
}
