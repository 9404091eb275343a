import {
  type AttemptOutcome,
  type Completion,
  type Episode,
  type RolloutSettings,
  RrrError,
  runAttempt,
  runEpisode,
  type Task,
} from "@rrr/core";
import { Refusal } from "../http/refusal.ts";
import { createRemoteModel, type Question, type Turn } from "./remote-model.ts";

/** How far an episode is: what its model is asked next, or how it ended. */
export type Progress =
  | { readonly kind: "asked"; readonly question: Question }
  | { readonly kind: "ended"; readonly episode: Episode | AttemptOutcome };

/** An episode of `runEpisode` whose model is a client. */
export interface LiveEpisode {
  /** Resolves when nothing is to be done without the client. */
  progress(): Promise<Progress>;
  /**
   * Goes on with a completion. A repeat of the last one, as of a client that lost its answer, changes nothing.
   * @throws Refusal 409 for another turn than the one that is asked for
   */
  answer(turn: Turn, completion: Completion): Promise<Progress>;
  readonly isOver: boolean;
  /** Gives it up. */
  drop(): void;
}

/** Starts an episode of an item. @param reflects whether a failed attempt is reflected on, and tried once more */
export function startEpisode(
  task: Task,
  item: unknown,
  reflects: boolean,
  settings: Pick<RolloutSettings, "retryLayout" | "verifyTimeoutMs">,
): LiveEpisode {
  const dropped = new AbortController();
  let resolve: (progress: Progress) => void = () => {};
  let next = newNext();
  let isOver = false;
  let last: { readonly turn: Turn; readonly text: string } | undefined;

  function newNext(): Promise<Progress> {
    return new Promise((settle) => {
      resolve = settle;
    });
  }

  const model = createRemoteModel(() => {
    if (model.asked !== undefined) resolve({ kind: "asked", question: model.asked });
  }, dropped.signal);
  const whole = { seed: 0, temperature: 1, signal: dropped.signal, ...settings };
  const run = reflects ? runEpisode : runAttempt;
  run(task, model, item, whole)
    .catch((cause: unknown): AttemptOutcome => {
      const error = RrrError.is(cause) ? cause : new RrrError("aborted", "the episode failed", { cause });
      return { kind: "errored", item, error, turn: "attempt" };
    })
    .then((episode) => {
      isOver = true;
      resolve({ kind: "ended", episode });
    });

  return {
    progress: () => next,
    answer(turn, completion) {
      const { text } = completion;
      // A reflection and a retry come once in an episode, so this is no new answer.
      if (last?.turn === turn && last.text === text) return next;
      if (model.asked?.turn !== turn) {
        const now = isOver ? "over" : `at the turn ${model.asked?.turn ?? `after ${last?.turn}`}`;
        throw new Refusal(409, `the episode is ${now}; this is an answer for the turn ${turn}`, "wrong-turn");
      }
      last = { turn, text };
      next = newNext();
      model.answer(completion);
      return next;
    },
    get isOver() {
      return isOver;
    },
    drop: () => dropped.abort(),
  };
}
