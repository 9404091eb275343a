import type { EpisodeOrder } from "@rrr/runs";
import type { EpisodeAnswer, EpisodesAnswer, RunAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { ask, search } from "../lib/ask.ts";
import { type Filters, filtersOf, placeOf, reversed } from "../lib/episode-list.ts";
import { count, moment, signed } from "../lib/figures.ts";
import { isHere, report } from "../lib/report.ts";
import { go, hrefOf } from "../lib/route.ts";
import { useAsked, useKeys } from "../lib/use-asked.ts";
import { codeWords, placeWords, STAGES } from "../lib/words.ts";
import { PathBadge } from "../parts/badges.tsx";
import { ByTask } from "../parts/by-task.tsx";
import { Conversation } from "../parts/conversation.tsx";
import { Group } from "../parts/group.tsx";
import { LongText } from "../parts/long-text.tsx";
import { Failed, Loading } from "../parts/notice.tsx";

interface Props {
  readonly id: string;
  readonly number: number;
  readonly query: Readonly<Record<string, string>>;
}

/** An episode: what was asked, what the model said, and what became of it. */
export function EpisodePage({ id, number, query }: Props): JSX.Element {
  const filters = filtersOf(query);
  const address = `/api/runs/${id}/episodes/${number}`;
  const { answer: run } = useAsked<RunAnswer>(`/api/runs/${id}`);
  const { answer: episode, error } = useAsked<EpisodeAnswer>(address);
  const list = hrefOf(`run/${id}/episodes`, filters);
  const move = (isBack: boolean): void => {
    if (episode !== undefined) step(id, filters, episode, isBack);
  };
  useKeys({
    ...{
      j: () => move(false),
      k: () => move(true),
      ArrowRight: () => move(false),
      ArrowLeft: () => move(true),
    },
    Escape: () => go(list),
  });
  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefOf(`run/${id}`)}>{run?.name ?? "the run"}</a>
        <span aria-hidden="true">/</span>
        <a href={list}>episodes</a>
        <span aria-hidden="true">/</span>
        <span class="spring" />
        {report === undefined && <a href={hrefOf("try", { run: id, episode: number })}>Try it</a>}
        <span class="pair">
          <button type="button" onClick={() => move(true)} title="k" aria-label="Previous episode">
            ←
          </button>
          <button type="button" onClick={() => move(false)} title="j" aria-label="Next episode">
            →
          </button>
        </span>
      </nav>
      {error !== undefined && <Failed error={error} />}
      {error === undefined && episode === undefined && <Loading what="the episode" />}
      {episode !== undefined && <Whole key={number} id={id} address={address} episode={episode} />}
    </>
  );
}

/** To the neighbour in the list that the page was come from. */
async function step(id: string, filters: Filters, episode: EpisodeAnswer, isBack: boolean): Promise<void> {
  const order = filters.order as EpisodeOrder | undefined;
  const place = {
    ...filters,
    order: isBack ? reversed(order) : order,
    after: placeOf(order, episode),
    limit: 1,
  };
  const { entries } = await ask<EpisodesAnswer>(`/api/runs/${id}/episodes${search(place)}`);
  const [next] = entries;
  if (next !== undefined) go(hrefOf(`run/${id}/episode/${next.id}`, filters));
}

interface WholeProps {
  readonly id: string;
  readonly address: string;
  readonly episode: EpisodeAnswer;
}

export function Whole({ id, address, episode }: WholeProps): JSX.Element {
  const { path, code, error, errorTurn, stage, reward, advantage, tokens, seconds, lacks, group, shows } =
    episode;
  return (
    <article class="episode">
      <div class="head">
        <h1 class="page-title">
          {placeWords(episode)} <PathBadge path={path} />
        </h1>
        {error !== null ? (
          <p class="failure">
            <strong>{code === null ? "Error" : codeWords(code)}</strong>
            {errorTurn !== null && ` in the ${errorTurn}`}: {error}
          </p>
        ) : (
          code !== null && <p class="lead">{codeWords(code)}.</p>
        )}
        <dl class="facts">
          <Fact name="stage" value={STAGES[stage] ?? stage} />
          {reward !== null && <Fact name="reward" value={signed(reward)} />}
          {advantage !== null && <Fact name="advantage" value={signed(advantage)} />}
          {tokens !== null && <Fact name="tokens" value={count(tokens)} />}
          {seconds !== null && <Fact name="took" value={`${seconds.toFixed(1)} s`} />}
          <Fact name="recorded" value={moment(episode.recordedAt)} />
          <Fact name="episode" value={String(episode.id)} />
          {episode.failure !== null && isHere(`/api/runs/${id}/episodes/${episode.failure}`) && (
            <div>
              <dt>started from</dt>
              <dd>
                <a href={hrefOf(`run/${id}/episode/${episode.failure}`)}>the collected failure</a>
              </dd>
            </div>
          )}
        </dl>
      </div>
      {shows?.item && <ByTask address={`${address}/shown`} of="the problem" />}
      {report?.hasPrompts !== false && (
        <details class="problem">
          <summary>The problem as data</summary>
          <LongText of={episode.item} episode={address} name="item" label="the problem" />
        </details>
      )}
      <Conversation episode={episode} address={address} />
      {group.length > 1 && <Group id={id} episode={episode} members={group} />}
      {lacks.length > 0 && (
        <ul class="note">
          {lacks.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </article>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
