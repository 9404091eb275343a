import { resultChart } from "@rrr/charts";
import type { ResultAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { Empty, Loading } from "./notice.tsx";
import { Picture } from "./picture.tsx";
import { Scroll } from "./scroll.tsx";

const WIDEST = 860;

/** What a run came to, with what it must beat, and in words. */
export function ResultTable({ result }: { readonly result: ResultAnswer | undefined }): JSX.Element {
  if (result === undefined) return <Loading what="the result" />;
  if (result.kind === "none") {
    return (
      <section>
        <h2>Result</h2>
        <Empty title="No result yet">{result.why}. It appears here once problems have been evaluated.</Empty>
      </section>
    );
  }
  const { head, rows, findings, note, unfinished, bars } = result;
  return (
    <section aria-labelledby="result">
      <h2 id="result">Result</h2>
      {unfinished !== undefined && <p class="warning">{unfinished}</p>}
      <Scroll under="result">
        <FiguresTable head={head} rows={rows} />
      </Scroll>
      {findings.length > 0 && (
        <ul class="findings">
          {findings.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <p class="note">{note}</p>
      <details>
        <summary>As a picture</summary>
        <Picture
          label="The shares of the table as bars"
          drawn={JSON.stringify(bars)}
          draw={(width) => resultChart(bars, { document, width: Math.min(width, WIDEST) })}
        />
      </details>
    </section>
  );
}

/** A table of figures as the command prints it: a label that begins with spaces is a control's. */
export function FiguresTable({
  head,
  rows,
}: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): JSX.Element {
  return (
    <table class="grid figures">
      <thead>
        <tr>
          {head.map((name, i) =>
            name === "" ? (
              <td key={i} />
            ) : (
              <th key={name} scope="col">
                {name}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(([label = "", ...cells]) => (
          <tr key={label}>
            <th scope="row" class={label.startsWith("  ") ? "control" : ""}>
              {label.trim().replace(/^control: /, "")}
            </th>
            {cells.map((cell, i) => (
              <td key={i}>
                <Figure text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `28.3 % [18.5, 40.8]`, its interval quieter than the figure. */
function Figure({ text }: { readonly text: string }): JSX.Element {
  const [figure = "", rest] = text.split(/ (?=\[)/);
  return (
    <>
      {figure}
      {rest !== undefined && <small> {rest}</small>}
    </>
  );
}
