import { type Completion, type Message, type Model, RrrError } from "@rrr/core";

export type Turn = "attempt" | "reflection" | "retry";

/** What a client is to let its model answer. */
export interface Question {
  readonly turn: Turn;
  readonly messages: readonly Message[];
  readonly maxTokens: number;
}

/** A model whose answers come from a client, one after another. */
export interface RemoteModel extends Model {
  /** What it is asked now; undefined while nothing is asked. */
  readonly asked: Question | undefined;
  answer(completion: Completion): void;
}

/** @param onAsked is called whenever it is asked something @param signal ends what is asked */
export function createRemoteModel(onAsked: () => void, signal: AbortSignal): RemoteModel {
  let asked: Question | undefined;
  let resolve: (completions: readonly Completion[]) => void = () => {};
  /** An episode asks for an attempt, and then for reflections and retries by turns. */
  let turns = 0;
  return {
    id: "remote",
    get asked() {
      return asked;
    },
    answer(completion) {
      asked = undefined;
      resolve([completion]);
    },
    generate(messages, { maxTokens }) {
      const turn = turns === 0 ? "attempt" : turns % 2 === 1 ? "reflection" : "retry";
      turns++;
      return new Promise((onAnswer, onEnd) => {
        resolve = onAnswer;
        signal.addEventListener("abort", () => onEnd(new RrrError("aborted", "the episode was dropped")));
        asked = { turn, messages, maxTokens };
        onAsked();
      });
    },
  };
}
