import type { CountsAnswer, EpisodesAnswer, RunAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type AskError, ask, search } from "../lib/ask.ts";
import { type Filters, filtersOf } from "../lib/episode-list.ts";
import { count } from "../lib/figures.ts";
import { report } from "../lib/report.ts";
import { hrefOf, replace } from "../lib/route.ts";
import { useAsked, useTicks } from "../lib/use-asked.ts";
import { Sample } from "../parts/about-report.tsx";
import { EpisodeFilters } from "../parts/episode-filters.tsx";
import { EpisodeRows } from "../parts/episode-rows.tsx";
import { Empty, Failed, Loading } from "../parts/notice.tsx";

interface Props {
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Episodes of a run, to look for some. */
export function EpisodesPage({ id, query }: Props): JSX.Element {
  const filters = filtersOf(query);
  const { answer: run } = useAsked<RunAnswer>(`/api/runs/${id}`);
  const { found, error, more, isWaiting } = useEpisodes(id, filters, run?.state === "running");
  const ticks = useTicks(found?.isComplete === false ? 1_500 : undefined);
  const { answer: counts } = useAsked<CountsAnswer>(`/api/runs/${id}/counts`, `${ticks} ${found?.indexed}`);
  const [lastCounts, setLastCounts] = useState<CountsAnswer>();
  if (counts !== undefined && counts !== lastCounts) setLastCounts(counts);
  const set = (changes: Filters): void => replace(hrefOf(`run/${id}/episodes`, { ...filters, ...changes }));
  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefOf(`run/${id}`)}>{run?.name ?? "the run"}</a>
        <span aria-hidden="true">/</span>
      </nav>
      <h1 class="page-title">Episodes</h1>
      {report !== undefined && <Sample of={report.runs[id]} />}
      <EpisodeFilters filters={filters} set={set} counts={(counts ?? lastCounts)?.counts ?? []} />
      {error !== undefined && <Failed error={error} />}
      {error === undefined && found === undefined && <Loading what="the episodes" />}
      {found !== undefined && (
        <>
          <p class="tally" role="status">
            {found.isMore && "more than "}
            {count(found.total)} {found.total === 1 ? "episode" : "episodes"}
            {!found.isComplete &&
              `. ${count(found.indexed)} are indexed so far; the others are still to come`}
            {isWaiting && " …"}
            <span class="keys wide-only">
              <kbd>j</kbd> <kbd>k</kbd> move, <kbd>Enter</kbd> opens, <kbd>/</kbd> searches
            </span>
          </p>
          {found.entries.length === 0 ? (
            <NoEpisodes
              filters={filters}
              clear={() => replace(hrefOf(`run/${id}/episodes`))}
              isOpen={!found.isComplete}
            />
          ) : (
            <EpisodeRows
              id={id}
              filters={filters}
              entries={found.entries}
              total={found.next === undefined ? found.entries.length : undefined}
              more={more}
            />
          )}
        </>
      )}
    </>
  );
}

function NoEpisodes({
  filters,
  clear,
  isOpen,
}: {
  readonly filters: Filters;
  readonly clear: () => void;
  readonly isOpen: boolean;
}): JSX.Element {
  if (Object.keys(filters).length === 0) {
    return (
      <Empty title="No episodes yet">
        They appear here as the run goes on: an episode is written once it is over.
      </Empty>
    );
  }
  return (
    <Empty title="No episode matches">
      {isOpen && "Not all are indexed yet. "}
      <button type="button" onClick={clear}>
        Show all episodes
      </button>
    </Empty>
  );
}

interface Found {
  readonly found: EpisodesAnswer | undefined;
  readonly error: AskError | undefined;
  readonly isWaiting: boolean;
  readonly more: () => void;
}

/** While it grows, the list is asked again as far as it was read. */
function useEpisodes(id: string, filters: Filters, isLive: boolean): Found {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly found: EpisodesAnswer }>();
  const [error, setError] = useState<AskError>();
  const [isWaiting, setWaiting] = useState(false);
  const key = search(filters);
  const found = answer?.key === key ? answer.found : undefined;
  const isOpen = isLive || found?.isComplete === false;
  const ticks = useTicks(isOpen ? 1_500 : undefined);
  useEffect(() => {
    const abort = new AbortController();
    const limit = Math.min(500, Math.max(100, found?.entries.length ?? 0));
    // Letters of a search that are typed quickly are asked for together.
    const timer = setTimeout(
      () => {
        setWaiting(true);
        ask<EpisodesAnswer>(`/api/runs/${id}/episodes${search({ ...filters, limit })}`, abort.signal)
          .then(
            (next) => {
              setError(undefined);
              setAnswer((last) => ({ key, found: last?.key === key ? grown(last.found, next) : next }));
            },
            (cause: AskError) => abort.signal.aborted || setError(cause),
          )
          .finally(() => setWaiting(false));
      },
      answer === undefined ? 0 : 120,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, key, ticks]);
  function more(): void {
    if (found?.next === undefined || isWaiting) return;
    setWaiting(true);
    ask<EpisodesAnswer>(`/api/runs/${id}/episodes${search({ ...filters, after: found.next, limit: 200 })}`)
      .then(
        (next) => setAnswer({ key, found: { ...next, entries: [...found.entries, ...next.entries] } }),
        (cause: AskError) => setError(cause),
      )
      .finally(() => setWaiting(false));
  }
  return { found: found ?? (error === undefined ? answer?.found : undefined), error, isWaiting, more };
}

/** What was read beyond the newer page stays. */
function grown(last: EpisodesAnswer, next: EpisodesAnswer): EpisodesAnswer {
  if (last.entries.length <= next.entries.length) return next;
  const isSame = next.entries.every(({ id }, i) => last.entries[i]?.id === id);
  return isSame ? { ...next, entries: last.entries, next: last.next } : next;
}
