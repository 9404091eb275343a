import type { CurvesAnswer, ResultAnswer, RevisionAnswer, RunAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask } from "../lib/ask.ts";
import { duration, moment } from "../lib/figures.ts";
import { report } from "../lib/report.ts";
import { hrefOf } from "../lib/route.ts";
import { useAsked, useTicks } from "../lib/use-asked.ts";
import { StateBadge } from "../parts/badges.tsx";
import { Curves, type NamedCurves } from "../parts/curves.tsx";
import { Failed, Loading } from "../parts/notice.tsx";
import { ResultTable } from "../parts/result-table.tsx";
import { Settings } from "../parts/settings.tsx";

interface Props {
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
}

/** How often a run that goes on is looked at. */
const LIVE_MS = 2_000;

/** A run: what it came to, how it went, and what it was asked for; others may be laid over its curves. */
export function RunPage({ id, query }: Props): JSX.Element {
  const revision = useRevision(id);
  const { answer: run, error } = useAsked<RunAnswer>(`/api/runs/${id}`, revision);
  const { answer: result } = useAsked<ResultAnswer>(`/api/runs/${id}/result`, revision);
  const { answer: curves } = useAsked<CurvesAnswer>(`/api/runs/${id}/curves`, revision);
  const [lastCurves, setLastCurves] = useState<CurvesAnswer>();
  if (curves !== undefined && curves !== lastCurves) setLastCurves(curves);
  const others = useOthers((query.with ?? "").split(",").filter((each) => each !== "" && each !== id));
  const [last, setLast] = useState<RunAnswer>();
  if (run !== undefined && run !== last) setLast(run);
  const shown = run ?? last;
  if (error !== undefined && shown === undefined) return <Failed error={error} />;
  if (shown === undefined) return <Loading what="the run" />;
  const shownCurves = curves ?? lastCurves;
  return (
    <>
      <Head run={shown} />
      <nav class="tabs" aria-label="Parts of the run">
        <a href={hrefOf(`run/${id}/episodes`)}>Episodes</a>
        {result?.kind === "result" && result.head.includes("after training") && (
          <a href={hrefOf("compare", { a: `${id}:before`, b: `${id}:after` })}>
            Before and after training, by problem
          </a>
        )}
        {others.length === 1 && (
          <a href={hrefOf("compare", { a: id, b: query.with })}>Against the other run, by problem</a>
        )}
        {others.length > 0 && <a href={hrefOf(`run/${id}`)}>Without the other runs</a>}
      </nav>
      <ResultTable result={result} />
      {shownCurves !== undefined && <Curves runs={[{ label: shown.name, curves: shownCurves }, ...others]} />}
      <Settings run={shown} />
    </>
  );
}

function Head({ run }: { readonly run: RunAnswer }): JSX.Element {
  const { startedAt, endedAt, state, steps } = run;
  const took =
    startedAt !== undefined && endedAt !== undefined
      ? duration(Date.parse(endedAt) - Date.parse(startedAt))
      : undefined;
  const measured = run.checkpoints.find(({ isMeasured }) => isMeasured)?.step;
  return (
    <div class="head">
      <h1 class="page-title">
        {run.name} <StateBadge state={state} />
      </h1>
      {run.failure !== undefined && <p class="failure">{run.failure}</p>}
      {state === "interrupted" && (
        <p class="failure">
          No process is writing it. <code>rrr resume</code> goes on from where it ended.
        </p>
      )}
      {run.changes.length > 0 && <p class="failure">Resumed after a change: {run.changes.join("; ")}</p>}
      <dl class="facts">
        <Fact name="task" value={run.task} />
        <Fact name="model" value={run.model} />
        <Fact name="seed" value={String(run.seed)} />
        {steps > 0 && <Fact name="steps" value={String(steps)} />}
        {measured !== undefined && <Fact name="measured checkpoint" value={`step ${measured}`} />}
        {run.reward === "random" && <Fact name="rewards" value="RANDOM" />}
        <Fact name="started" value={moment(startedAt)} />
        {took !== undefined && <Fact name="took" value={took} />}
        <Fact name="rrr" value={run.version} />
        {report === undefined && <Fact name="folder" value={run.folder} />}
      </dl>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? "–"}</dd>
    </div>
  );
}

/** Rises while the run goes on; a run that is over is asked once. */
function useRevision(id: string): number {
  const [isLive, setLive] = useState(true);
  const ticks = useTicks(isLive ? LIVE_MS : undefined);
  const { answer } = useAsked<RevisionAnswer>(`/api/runs/${id}/revision`, ticks);
  const [revision, setRevision] = useState(0);
  useEffect(() => {
    if (answer === undefined) return;
    setLive(answer.state === "running");
    setRevision(answer.revision);
  }, [answer]);
  return revision;
}

/** Runs whose curves are laid over those of the page's own. */
function useOthers(ids: readonly string[]): readonly NamedCurves[] {
  const [runs, setRuns] = useState<readonly NamedCurves[]>([]);
  const key = ids.join(",");
  useEffect(() => {
    let isCurrent = true;
    const all = key === "" ? [] : key.split(",").map(namedCurves);
    Promise.allSettled(all).then((answers) => {
      if (!isCurrent) return;
      setRuns(answers.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
    });
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return runs;
}

async function namedCurves(id: string): Promise<NamedCurves> {
  const address = `/api/runs/${encodeURIComponent(id)}`;
  const [{ name: label }, curves] = await Promise.all([
    ask<RunAnswer>(address),
    ask<CurvesAnswer>(`${address}/curves`),
  ]);
  return { label, curves };
}
