import type { RunLine } from "@rrr/server/view";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count, interval, middle, moment, percent } from "../lib/figures.ts";
import { hrefOf } from "../lib/route.ts";
import { StateBadge } from "./badges.tsx";

export type RunColumn =
  | "name"
  | "task"
  | "model"
  | "state"
  | "startedAt"
  | "problems"
  | "errored"
  | "first"
  | "after";

const COLUMNS: readonly (readonly [RunColumn, string])[] = [
  ["name", "Run"],
  ["task", "Task"],
  ["model", "Model"],
  ["state", "State"],
  ["startedAt", "Started"],
  ["problems", "Problems"],
  ["errored", "Errored"],
  ["first", "First try"],
  ["after", "After reflection"],
];
const NUMBERS: readonly RunColumn[] = ["problems", "errored", "first", "after"];

/** Rows that are laid out at once. */
const ROWS = 200;

/** @param sort a column, with a minus before it for the highest first */
export function sortRuns(runs: readonly RunLine[], sort: string): readonly RunLine[] {
  const sign = sort.startsWith("-") ? -1 : 1;
  const column = sort.replace("-", "") as RunColumn;
  return runs.toSorted((a, b) => {
    const [left, right] = [sortValue(a, column), sortValue(b, column)];
    // What has no value comes last, whichever way it is sorted.
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    if (typeof left === "number" && typeof right === "number") return sign * (left - right);
    return sign * String(left).localeCompare(String(right));
  });
}

function sortValue(run: RunLine, column: RunColumn): string | number | undefined {
  if (column !== "first" && column !== "after") return run[column];
  const share = run[column];
  return share && middle(share);
}

interface Props {
  readonly runs: readonly RunLine[];
  readonly sort: string;
  readonly resort: (column: RunColumn) => void;
  readonly chosen: readonly string[];
  readonly choose: (id: string, isChosen: boolean) => void;
}

export function RunTable({ runs, sort, resort, chosen, choose }: Props): JSX.Element {
  const [rows, setRows] = useState(ROWS);
  return (
    <>
      <table class="grid runs">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Chosen</span>
            </th>
            {COLUMNS.map(([column, label]) => (
              <th
                key={column}
                scope="col"
                class={NUMBERS.includes(column) ? "number" : ""}
                aria-sort={sort === column ? "ascending" : sort === `-${column}` ? "descending" : "none"}
              >
                <button type="button" class="head" onClick={() => resort(column)}>
                  {label}
                  <span aria-hidden="true">{sort === column ? " ↑" : sort === `-${column}` ? " ↓" : ""}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.slice(0, rows).map((run) => (
            <RunRow key={run.id} run={run} isChosen={chosen.includes(run.id)} choose={choose} />
          ))}
        </tbody>
      </table>
      {runs.length > rows && (
        <p class="cut">
          <button type="button" onClick={() => setRows(rows + 5 * ROWS)}>
            Show more runs
          </button>{" "}
          {count(rows)} of {count(runs.length)} are shown.
        </p>
      )}
    </>
  );
}

function RunRow({
  run,
  isChosen,
  choose,
}: {
  readonly run: RunLine;
  readonly isChosen: boolean;
  readonly choose: Props["choose"];
}): JSX.Element {
  const { id, name, state, error } = run;
  return (
    <tr class={isChosen ? "is-chosen" : ""}>
      <td class="tick">
        <input
          type="checkbox"
          checked={isChosen}
          disabled={state === "unreadable"}
          aria-label={`Choose ${name}`}
          onChange={(event) => choose(id, event.currentTarget.checked)}
        />
      </td>
      <th scope="row" data-label="Run">
        <a href={hrefOf(`run/${id}`)}>{name}</a>
        {error !== undefined && <span class="why">{error}</span>}
      </th>
      <td data-label="Task">{run.task}</td>
      <td data-label="Model" class="model">
        {run.model}
      </td>
      <td data-label="State">
        <StateBadge state={state} />
      </td>
      <td data-label="Started" class="when">
        {moment(run.startedAt)}
      </td>
      <td data-label="Problems" class="number">
        {run.problems === undefined ? "–" : count(run.problems)}
      </td>
      <td data-label="Errored" class={`number ${(run.errored ?? 0) > 0 ? "warns" : ""}`}>
        {run.errored === undefined ? "–" : count(run.errored)}
      </td>
      <td data-label="First try" class="number">
        <ShareCell share={run.first} />
      </td>
      <td data-label="After reflection" class="number">
        <ShareCell share={run.after} />
      </td>
    </tr>
  );
}

function ShareCell({ share }: { readonly share: RunLine["first"] }): JSX.Element {
  if (share === undefined) return <>–</>;
  return (
    <>
      {percent(share)} <small title="95 % interval">{interval(share)}</small>
    </>
  );
}
