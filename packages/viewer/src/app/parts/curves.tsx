import { CURVE_TEXTS, learningCurve, notesOf, seriesOf } from "@rrr/charts";
import type { CurveName } from "@rrr/runs";
import type { CurvesAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { Empty } from "./notice.tsx";
import { Picture } from "./picture.tsx";

/** The curves of a run, under its name. */
export interface NamedCurves {
  readonly label: string;
  readonly curves: CurvesAnswer;
}

const NAMES = Object.keys(CURVE_TEXTS) as readonly CurveName[];
const HEIGHT = 210;

/** How training went, step by step; several runs one over another. */
export function Curves({ runs }: { readonly runs: readonly NamedCurves[] }): JSX.Element | null {
  if (runs.every(({ curves }) => curves.plannedSteps === undefined && isEmpty(curves))) return null;
  const shown = NAMES.filter((name) => runs.some(({ curves }) => curves.curves[name] !== undefined));
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Training</h2>
      {shown.length === 0 && (
        <Empty title="No step yet">
          Curves appear with the first evaluation and the first step of training.
        </Empty>
      )}
      {runs.length > 1 && (
        <ul class="legend">
          {runs.map(({ label }, i) => (
            <li key={label}>
              <span class="swatch" style={{ background: seriesOf(i).colour }} />
              {label}
            </li>
          ))}
        </ul>
      )}
      <div class="curves">
        {shown.map((name) => (
          <CurvePicture key={name} name={name} runs={runs} />
        ))}
      </div>
      {notesOf(runs).map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </section>
  );
}

function isEmpty({ curves }: CurvesAnswer): boolean {
  return (curves.retries?.length ?? 0) === 0;
}

function CurvePicture({
  name,
  runs,
}: {
  readonly name: CurveName;
  readonly runs: readonly NamedCurves[];
}): JSX.Element {
  const { title } = CURVE_TEXTS[name];
  const lasts = runs.flatMap(({ label, curves }) => {
    const last = curves.curves[name]?.findLast(({ value }) => value !== undefined);
    return last === undefined ? [] : [`${label}: ${last.value?.toPrecision(3)} at step ${last.step}`];
  });
  return (
    <Picture
      label={`${title}. The last: ${lasts.join("; ") || "not known"}.`}
      drawn={JSON.stringify(
        runs.map(({ label, curves }) => [label, curves.curves[name], curves.plannedSteps]),
      )}
      draw={(width) => learningCurve(runs, name, { document, width, height: HEIGHT })}
    />
  );
}
