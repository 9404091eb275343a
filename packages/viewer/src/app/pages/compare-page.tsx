import { visibleLine } from "@rrr/core";
import type { CompareAnswer, EpisodeAnswer, ProblemAnswer, ShownFlip } from "@rrr/server/view";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, search } from "../lib/ask.ts";
import { valueText } from "../lib/figures.ts";
import { hrefOf, replace } from "../lib/route.ts";
import { useAsked, useKeys } from "../lib/use-asked.ts";
import { PathBadge } from "../parts/badges.tsx";
import { Conversation } from "../parts/conversation.tsx";
import { Empty, Failed, Loading } from "../parts/notice.tsx";
import { FiguresTable } from "../parts/result-table.tsx";
import { Scroll } from "../parts/scroll.tsx";

interface Props {
  readonly query: Readonly<Record<string, string>>;
}

/** Two runs, problem by problem. */
export function ComparePage({ query }: Props): JSX.Element {
  const { a, b } = query;
  const path = a && b ? `/api/compare${search({ a, b })}` : undefined;
  const { answer, error } = useAsked<CompareAnswer>(path);
  if (path === undefined) {
    return (
      <Empty title="Nothing to compare">
        Choose two runs in <a href="#/">the list</a>.
      </Empty>
    );
  }
  if (error !== undefined) return <Failed error={error} />;
  if (answer === undefined) return <Loading what="both runs" />;
  return <Comparison query={query} answer={answer} />;
}

function Comparison({ query, answer }: Props & { readonly answer: CompareAnswer }): JSX.Element {
  const { sides, problems, findings, settings, note, head, rows } = answer;
  return (
    <>
      <h1 class="page-title">Two evaluations, {problems} problems, paired</h1>
      <dl class="sides">
        {sides.map((side, i) => (
          <div key={side.id + side.stage}>
            <dt>{"AB"[i]}</dt>
            <dd>
              <a href={hrefOf(`run/${side.id}`)}>{side.name}</a>
              {side.stage !== "evaluate" && ` ${side.stage} training`} · {side.task} · {side.model}
            </dd>
          </div>
        ))}
      </dl>
      {sides[0].id !== sides[1].id && sides.some(({ stage }) => stage !== "evaluate") && (
        <nav class="tabs" aria-label="Parts of the comparison">
          <a href={hrefOf(`run/${sides[0].id}`, { with: sides[1].id })}>Curves of both</a>
        </nav>
      )}
      <section aria-labelledby="figures">
        <h2 id="figures">Figures</h2>
        <Scroll under="figures">
          <FiguresTable head={head} rows={rows} />
        </Scroll>
        <ul class="findings">
          {findings.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p class="note">{note}</p>
      </section>
      <Flips query={query} answer={answer} />
      {settings.length > 0 && (
        <section aria-labelledby="differences">
          <h2 id="differences">Settings that differ</h2>
          <Scroll under="differences">
            <table class="grid settings">
              <thead>
                <tr>
                  <th scope="col">Setting</th>
                  <th scope="col">A</th>
                  <th scope="col">B</th>
                </tr>
              </thead>
              <tbody>
                {settings.map(({ setting, values }) => (
                  <tr key={setting}>
                    <th scope="row">{setting}</th>
                    <td>{valueText(values[0])}</td>
                    <td>{valueText(values[1])}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </section>
      )}
    </>
  );
}

const MEASURES = { first: "First try", after: "After reflection" } as const;

/** Problems that one passes and the other does not, with both transcripts of the one that is looked at. */
function Flips({
  query,
  answer: { flips, flipsLeft, sides },
}: Props & { readonly answer: CompareAnswer }): JSX.Element {
  const measure = query.measure === "first" ? "first" : "after";
  const better = query.better ?? "";
  const found = flips.filter(
    (flip) =>
      flip.measure === measure && (better === "" || (flip.shares[1] > flip.shares[0] ? "B" : "A") === better),
  );
  const at = Math.min(Number(query.flip ?? -1), found.length - 1);
  const set = (changes: Readonly<Record<string, string | number | undefined>>): void =>
    replace(hrefOf("compare", { ...query, flip: undefined, ...changes }));
  // Keys may come faster than the address changes.
  const reached = useRef(at);
  reached.current = at;
  const move = (by: number): void => {
    if (found.length === 0) return;
    reached.current = Math.min(found.length - 1, Math.max(0, reached.current + by));
    set({ flip: reached.current });
  };
  useKeys({ j: () => move(1), k: () => move(-1), Escape: () => set({}) });
  const shown = found[at];
  return (
    <section aria-labelledby="flips">
      <h2 id="flips">Problems that flipped</h2>
      <div class="filters">
        <label>
          <span>Measure</span>
          <select value={measure} onChange={(event) => set({ measure: event.currentTarget.value })}>
            {Object.entries(MEASURES).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Passes only in</span>
          <select value={better} onChange={(event) => set({ better: event.currentTarget.value })}>
            <option value="">either</option>
            <option value="A">A</option>
            <option value="B">B</option>
          </select>
        </label>
        <p class="tally" role="status">
          {found.length} {found.length === 1 ? "problem" : "problems"}
          <span class="keys wide-only">
            <kbd>j</kbd> <kbd>k</kbd> move
          </span>
        </p>
      </div>
      {flipsLeft > 0 && (
        <p class="note">{flipsLeft} more flipped, by one measure or the other, and are not listed here.</p>
      )}
      {found.length === 0 && flipsLeft > 0 ? (
        <Empty title="None is listed here">There was no room for them.</Empty>
      ) : found.length === 0 ? (
        <Empty title="No problem flipped">Both runs pass the same problems by this measure.</Empty>
      ) : (
        <ol class="flips">
          {found.map((flip, i) => (
            <li key={`${flip.problems}`}>
              <button type="button" aria-pressed={i === at} onClick={() => set({ flip: i })}>
                <span class={flip.shares[1] > flip.shares[0] ? "up" : "down"}>
                  {flip.shares[1] > flip.shares[0] ? "B" : "A"}
                </span>
                <code>{visibleLine(flip.item)}</code>
              </button>
            </li>
          ))}
        </ol>
      )}
      {shown !== undefined && <Transcripts key={`${shown.problems}`} flip={shown} sides={sides} />}
    </section>
  );
}

function Transcripts({
  flip,
  sides,
}: {
  readonly flip: ShownFlip;
  readonly sides: CompareAnswer["sides"];
}): JSX.Element {
  return (
    <div class="transcripts">
      {sides.map((side, i) => (
        <Transcript
          key={side.id + side.stage}
          name={"AB"[i] ?? ""}
          id={side.id}
          stage={side.stage}
          problem={flip.problems[i as 0 | 1]}
        />
      ))}
    </div>
  );
}

function Transcript({
  name,
  id,
  stage,
  problem,
}: {
  readonly name: string;
  readonly id: string;
  readonly stage: string;
  readonly problem: number;
}): JSX.Element {
  const { answer, error } = useAsked<ProblemAnswer>(`/api/runs/${id}/problem${search({ stage, problem })}`);
  const [sample, setSample] = useState(0);
  const number = answer?.episodes[sample];
  const [episode, setEpisode] = useState<EpisodeAnswer>();
  useEffect(() => {
    if (number === undefined) return;
    ask<EpisodeAnswer>(`/api/runs/${id}/episodes/${number}`).then(setEpisode, () => setEpisode(undefined));
  }, [id, number]);
  if (error !== undefined) return <Failed error={error} />;
  if (answer === undefined || episode === undefined) return <Loading what={name} />;
  return (
    <div class="transcript">
      <div class="block-head">
        <strong>{name}</strong>
        <PathBadge path={episode.path} />
        <span class="spring" />
        {answer.episodes.length > 1 && (
          <label class="check">
            <span>sample</span>
            <select value={sample} onChange={(event) => setSample(Number(event.currentTarget.value))}>
              {answer.episodes.map((each, i) => (
                <option key={each} value={i}>
                  {i + 1}
                </option>
              ))}
            </select>
          </label>
        )}
        <a href={hrefOf(`run/${id}/episode/${episode.id}`)}>Open</a>
      </div>
      <Conversation episode={episode} address={`/api/runs/${id}/episodes/${episode.id}`} />
    </div>
  );
}
