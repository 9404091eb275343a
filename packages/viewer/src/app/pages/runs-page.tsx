import type { RunLine, RunsAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../lib/figures.ts";
import { hrefOf, replace } from "../lib/route.ts";
import { useAsked, useTicks } from "../lib/use-asked.ts";
import { Empty, Failed, Loading } from "../parts/notice.tsx";
import { type RunColumn, RunTable, sortRuns } from "../parts/run-table.tsx";

interface Props {
  readonly query: Readonly<Record<string, string>>;
}

const STATES = ["running", "finished", "stopped", "failed", "interrupted", "unreadable"];

/** All runs, to look for one or to choose some. */
export function RunsPage({ query }: Props): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const ticks = useTicks(isBusy ? 1_000 : 5_000);
  const { answer, error } = useAsked<RunsAnswer>("/api/runs", ticks);
  const [last, setLast] = useState<RunsAnswer>();
  if (answer !== undefined && answer !== last) {
    setLast(answer);
    setBusy(answer.pending > 0);
  }
  const shown = answer ?? last;
  if (error !== undefined) return <Failed error={error} />;
  if (shown === undefined) return <Loading what="the runs" />;
  if (shown.runs.length === 0 && shown.pending === 0) {
    return (
      <Empty title="No runs yet">
        <code>rrr run countdown</code> trains the built-in model, <code>rrr eval countdown</code> measures
        one. Their runs appear here by themselves. Looked for in <code>{shown.place}</code>.
      </Empty>
    );
  }
  return <RunList query={query} {...shown} />;
}

function RunList({ query, runs, pending }: Props & RunsAnswer): JSX.Element {
  const { q = "", state = "", sort = "-startedAt" } = query;
  const chosen = (query.chosen ?? "").split(",").filter((id) => id !== "");
  const set = (changes: Readonly<Record<string, string | undefined>>): void =>
    replace(hrefOf("", { ...query, ...changes }));
  const found = sortRuns(
    runs.filter((run) => (state === "" || run.state === state) && matches(run, q)),
    sort,
  );
  const choose = (id: string, isChosen: boolean): void =>
    set({ chosen: (isChosen ? [...chosen, id] : chosen.filter((each) => each !== id)).join(",") });
  const resort = (column: RunColumn): void => set({ sort: sort === `-${column}` ? column : `-${column}` });
  return (
    <>
      <h1 class="page-title">Runs</h1>
      <search class="filters">
        <label class="grow">
          <span>Find</span>
          <input
            type="search"
            value={q}
            placeholder="task, model or name"
            onInput={(event) => set({ q: event.currentTarget.value })}
          />
        </label>
        <label>
          <span>State</span>
          <select value={state} onChange={(event) => set({ state: event.currentTarget.value })}>
            <option value="">any</option>
            {STATES.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <p class="tally" role="status">
          {found.length === runs.length
            ? `${count(runs.length)} runs`
            : `${count(found.length)} of ${count(runs.length)} runs`}
          {pending > 0 && `, ${count(pending)} of them are being read`}
        </p>
      </search>
      <Chosen ids={chosen} clear={() => set({ chosen: "" })} />
      {found.length === 0 ? (
        <Empty title="No run matches">
          <button type="button" onClick={() => set({ q: "", state: "" })}>
            Show all runs
          </button>
        </Empty>
      ) : (
        <RunTable runs={found} sort={sort} resort={resort} chosen={chosen} choose={choose} />
      )}
    </>
  );
}

function Chosen({
  ids,
  clear,
}: {
  readonly ids: readonly string[];
  readonly clear: () => void;
}): JSX.Element | null {
  const [first, second, ...more] = ids;
  if (first === undefined) return null;
  return (
    <div class="chosen" role="status">
      <strong>{ids.length} chosen</strong>
      {second === undefined ? (
        <span>Choose another one to set them side by side.</span>
      ) : (
        <>
          <a class="button" href={hrefOf(`run/${first}`, { with: [second, ...more].join(",") })}>
            Overlay their curves
          </a>
          {more.length === 0 && (
            <a class="button" href={hrefOf("compare", { a: first, b: second })}>
              Compare problem by problem
            </a>
          )}
        </>
      )}
      <button type="button" class="quiet" onClick={clear}>
        Clear
      </button>
    </div>
  );
}

function matches({ name, task = "", model = "", error = "" }: RunLine, text: string): boolean {
  const all = `${name} ${task} ${model} ${error}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
