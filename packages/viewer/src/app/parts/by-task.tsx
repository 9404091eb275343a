import { visible, visibleLine } from "@rrr/core";
import type { ShownByTask } from "@rrr/server/view";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../lib/use-asked.ts";

/** What the task shows of an item or of an answer. @param address where the server says it */
export function ByTask({
  address,
  of,
}: {
  readonly address: string;
  readonly of: string;
}): JSX.Element | null {
  const { answer, error } = useAsked<ShownByTask>(address);
  if (error !== undefined) return <p class="note">The task cannot show it: {error.message}</p>;
  return answer === undefined ? null : <ShownParts shown={answer} of={of} />;
}

/** Texts as texts, the picture as an image: in one nothing runs, and it loads nothing. @param of what it shows, in words */
export function ShownParts({ shown, of }: { readonly shown: ShownByTask; readonly of: string }): JSX.Element {
  if (shown.kind === "none") return <p class="note">The task cannot show it: {visible(shown.why)}</p>;
  const { description, rows = [], svg } = shown;
  return (
    <div class="by-task">
      {description !== undefined && <p class="text">{visible(description)}</p>}
      {svg !== undefined && <TaskPicture key={svg} svg={svg} label={`The task's picture of ${of}`} />}
      {rows.length > 0 && (
        <table>
          <tbody>
            {rows.map(([label, value, mark], i) => (
              <tr key={i} class={mark === undefined ? "" : `is-${mark}`}>
                <th scope="row">{visibleLine(label)}</th>
                <td>
                  {mark !== undefined && <strong>{mark === "right" ? "✓" : "✗"} </strong>}
                  {mark !== undefined && <span class="hidden">{mark}: </span>}
                  {visible(value)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function TaskPicture({ svg, label }: { readonly svg: string; readonly label: string }): JSX.Element {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <p class="note">The task's picture is no well-formed SVG.</p>;
  const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return <img src={source} alt={label} onError={() => setBroken(true)} />;
}
