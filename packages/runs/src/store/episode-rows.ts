import {
  type Attempt,
  type AttemptOutcome,
  type Completion,
  type Episode,
  type Reflection,
  tokenCount,
} from "@rrr/core";
import type { ControlAnswer } from "@rrr/trainer";

/** Where in a run an episode happened. */
export interface EpisodePlace {
  readonly stage: string;
  /** Optimiser step, counted from 1; training only. */
  readonly step?: number;
  /** Number of the problem within the stage or step. */
  readonly problem: number;
  /** Number of the episode within its group. */
  readonly member: number;
  readonly reward?: number | undefined;
  readonly advantage?: number | undefined;
}

/** An episode, or a lone attempt, and where it happened. */
export type PlacedEpisode = EpisodePlace & { readonly episode: Episode | AttemptOutcome };

type Cell = string | number | null;

/** Columns of the `episode` table after its id. */
export function episodeRow({ episode, ...place }: PlacedEpisode): readonly Cell[] {
  const error = episode.kind === "errored" ? episode.error : undefined;
  return [
    place.stage,
    place.step ?? null,
    place.problem,
    place.member,
    episode.kind,
    JSON.stringify(episode.item),
    place.reward ?? null,
    place.advantage ?? null,
    error?.code ?? null,
    readable(error?.message),
  ];
}

/** Rows of the `turn` table, without the episode's id. */
export function turnRows(episode: Episode | AttemptOutcome): readonly (readonly Cell[])[] {
  if (episode.kind === "errored") return [];
  const attempt = checked("attempt", episode.attempt);
  if (episode.kind !== "reflected") return numbered([attempt]);
  return numbered([attempt, ...[episode.reflection, ...(episode.later ?? [])].flatMap(reflected)]);
}

/** Rows of the `turn` table for what controls answered, after the `before` turns that the episode has. */
export function answerRows(answers: readonly ControlAnswer[], before: number): readonly (readonly Cell[])[] {
  return numbered(
    answers.map(({ role, attempt }) => checked(role, attempt)),
    before,
  );
}

function numbered(rows: readonly (readonly Cell[])[], from = 0): readonly (readonly Cell[])[] {
  return rows.map((row, i) => [from + i, ...row]);
}

function reflected({ completion, retry }: Reflection): readonly (readonly Cell[])[] {
  return [[...written("reflection", completion), null, null, null], checked("retry", retry)];
}

function checked(role: string, { completion, verdict }: Attempt): readonly Cell[] {
  const failed = verdict.kind === "fail" ? verdict : undefined;
  const kind = verdict.kind === "invalid" ? null : verdict.kind;
  return [...written(role, completion), kind, readable(failed?.code), readable(failed?.detail)];
}

function written(role: string, completion: Completion): readonly Cell[] {
  const { text, finish, reasoning, tokens, usage } = completion;
  const promptTokens = tokens?.prompt.length ?? usage?.prompt ?? null;
  return [role, readable(text), readable(reasoning), finish, promptTokens, tokenCount(completion) ?? null];
}

/** Text as readers of the database get it: to libsql, as to much that is written in C, a text ends at a NUL. */
function readable(text: string | undefined): string | null {
  return text?.replaceAll("\0", "\uFFFD") ?? null;
}
