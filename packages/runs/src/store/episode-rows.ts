import {
  type Attempt,
  type AttemptOutcome,
  type Completion,
  type Episode,
  type FailedAttempt,
  type Message,
  type Reflection,
  tokenCount,
} from "@rrr/core";
import type { ControlAnswer, ControlError } from "@rrr/trainer";
import { type KeepOnce, readable } from "./keep-once.ts";
import type { EpisodeRow, TurnRow } from "./schema.ts";
import type { New } from "./table.ts";

/** Where in a run an episode happened, and what it earned. */
export interface EpisodePlace
  extends Pick<EpisodeRow, "stage" | "part" | "problem" | "sample">,
    Partial<Pick<EpisodeRow, "step" | "failure" | "reward" | "advantage" | "seconds">> {
  /** The problem as the task gives it: what its schema makes of it need not survive JSON. */
  readonly item: unknown;
  /** The conversation in which a reflection on a mined failure is asked for. */
  readonly request?: readonly Message[] | undefined;
}

/** A failed attempt that goes on. */
type Unfinished = FailedAttempt & { readonly earlier: readonly Reflection[] };

/** An episode, or a lone attempt, and where it happened. */
export type PlacedEpisode = EpisodePlace & { readonly episode: Episode | AttemptOutcome | Unfinished };

export function episodeRow(
  { episode, request, item, ...place }: PlacedEpisode,
  keep: KeepOnce,
): New<EpisodeRow> {
  const errored = episode.kind === "errored" ? episode : undefined;
  return {
    ...{ id: null, step: null, failure: null, reward: null, advantage: null, seconds: null },
    ...place,
    request: request === undefined ? null : keep.conversation(request),
    kind: episode.kind,
    item: keep.item(item),
    error_code: errored?.error.code ?? null,
    error: errored === undefined ? null : readable(errored.error.message),
    error_turn: errored?.turn ?? null,
    controls: null,
    recorded_at: new Date().toISOString(),
  };
}

/** A turn that has no episode's number yet. */
export type Turn = Omit<TurnRow, "episode" | "position">;

/** The turns of an episode. @param isCopy the attempt is that of a mined failure, which has its tokens */
export function turnRows(
  episode: PlacedEpisode["episode"],
  keep: KeepOnce,
  isCopy: boolean,
): readonly Turn[] {
  if (episode.attempt === undefined) return [];
  const tokens = isCopy ? { token_ids: null, logprobs: null } : {};
  const attempt = { ...checked("attempt", episode.attempt, keep), ...tokens };
  if (episode.kind === "errored") {
    const { earlier = [], reflection } = episode;
    const open = reflection === undefined ? [] : [asReflection(reflection, keep)];
    return [attempt, ...earlier.flatMap((round) => reflected(round, keep)), ...open];
  }
  if (episode.kind === "failed") {
    const earlier = "earlier" in episode ? episode.earlier : [];
    return [attempt, ...earlier.flatMap((round) => reflected(round, keep))];
  }
  if (episode.kind !== "reflected") return [attempt];
  const rounds = [episode.reflection, ...(episode.later ?? [])];
  return [attempt, ...rounds.flatMap((round) => reflected(round, keep))];
}

/** The turns in which controls answered. */
export function answerRows(answers: readonly ControlAnswer[], keep: KeepOnce): readonly Turn[] {
  return answers.map(({ role, attempt }) => checked(role, attempt, keep));
}

/** The controls that came to no answer. */
export function controlErrorRows(errors: readonly ControlError[]): readonly Turn[] {
  return errors.map(({ role, error }) => ({
    ...{ role, prompt: null, text: "", reasoning: null, finish: "error", prompt_tokens: null, tokens: null },
    ...{ cached: 0, estimated: 0, verdict: null, token_ids: null, logprobs: null },
    code: error.code,
    detail: readable(error.message),
  }));
}

function reflected({ retry, ...reflection }: Reflection, keep: KeepOnce): readonly Turn[] {
  return [asReflection(reflection, keep), checked("retry", retry, keep)];
}

function asReflection({ prompt, completion }: Omit<Reflection, "retry">, keep: KeepOnce): Turn {
  return { ...written("reflection", prompt, completion, keep), verdict: null, code: null, detail: null };
}

function checked(role: Turn["role"], { prompt, completion, verdict }: Attempt, keep: KeepOnce): Turn {
  const failed = verdict.kind === "fail" ? verdict : undefined;
  return {
    ...written(role, prompt, completion, keep),
    verdict: verdict.kind === "invalid" ? null : verdict.kind,
    code: failed === undefined ? null : readable(failed.code),
    detail: failed?.detail === undefined ? null : readable(failed.detail),
  };
}

function written(
  role: Turn["role"],
  prompt: readonly Message[],
  completion: Completion,
  keep: KeepOnce,
): Omit<Turn, "verdict" | "code" | "detail"> {
  const { text, finish, reasoning, tokens, usage, cached = false } = completion;
  return {
    role,
    prompt: keep.conversation(prompt),
    text: readable(text),
    reasoning: reasoning === undefined ? null : readable(reasoning),
    finish,
    prompt_tokens: tokens?.prompt.length ?? usage?.prompt ?? null,
    tokens: tokenCount(completion) ?? null,
    cached: Number(cached),
    estimated: usage?.contradicts === undefined ? Number(usage?.estimated ?? false) : 2,
    token_ids: tokens === undefined ? null : bytesOf(tokens.ids),
    logprobs: tokens === undefined ? null : bytesOf(tokens.logprobs),
  };
}

/** Little-endian, which every machine is that this runs on. */
function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): Uint8Array {
  return Buffer.from(buffer, byteOffset, byteLength);
}
