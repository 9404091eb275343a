import type { Message } from "@rrr/core";
import type { Progress } from "./live-episode.ts";
import type { Turn } from "./remote-model.ts";
import { type VerdictBody, verdictBody } from "./verdict-body.ts";

/** How far an episode is, as it is sent. Only one that ended in a verdict has a reward: that of its last answer. */
export type EpisodeBody =
  | {
      readonly turn: Turn;
      /** What the model is shown next. */
      readonly messages: readonly Message[];
      readonly maxTokens: number;
    }
  | {
      readonly turn: "done";
      readonly attempt: VerdictBody;
      readonly retry?: VerdictBody;
      readonly reward: 0 | 1;
    }
  | {
      readonly turn: "errored";
      readonly attempt?: VerdictBody;
      readonly error: { readonly code: string; readonly detail: string };
    };

export function episodeBody(progress: Progress): EpisodeBody {
  if (progress.kind === "asked") return progress.question;
  const { episode } = progress;
  if (episode.kind === "errored") {
    const { code, message: detail } = episode.error;
    const attempt = episode.attempt && { attempt: verdictBody(episode.attempt.verdict) };
    return { turn: "errored", ...attempt, error: { code, detail } };
  }
  const attempt = verdictBody(episode.attempt.verdict);
  if (episode.kind !== "reflected") return { turn: "done", attempt, reward: attempt.kind === "pass" ? 1 : 0 };
  const retry = verdictBody(episode.reflection.retry.verdict);
  return { turn: "done", attempt, retry, reward: retry.kind === "pass" ? 1 : 0 };
}
