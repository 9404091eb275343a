import { type Completion, deriveKey, type GenerateOptions, RrrError, uniformAt } from "@rrr/core";
import { draw } from "./draw.ts";
import type { Row } from "./row.ts";

export interface Question {
  readonly prompt: readonly number[];
  /** What fits the context, at most what was asked for. */
  readonly maxTokens: number;
  readonly stopIds: ReadonlySet<number>;
  readonly decode: (tokens: readonly number[]) => string;
}

/** One request as rows, one for each of its completions. @param start runs them */
export function ask(
  { prompt, maxTokens, stopIds, decode }: Question,
  { n = 1, temperature, seed, signal }: GenerateOptions,
  start: (rows: readonly Row[]) => void,
): Promise<readonly Completion[]> {
  return new Promise((resolve, reject) => {
    const completions: Completion[] = [];
    let left = n;
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
      signal?.removeEventListener("abort", abort);
    };
    const fail = (error: unknown): void => {
      settle();
      reject(error);
    };
    const abort = (): void => fail(abortError(signal));
    signal?.addEventListener("abort", abort);

    const toRow = (index: number): Row => {
      const key = deriveKey(seed, index);
      const tokens: number[] = [];
      let isComplete = false;
      return {
        prompt,
        maxTokens,
        fail,
        get isOver() {
          return isComplete || isSettled;
        },
        write(scores) {
          const token = draw(scores, temperature, uniformAt(key, tokens.length));
          tokens.push(token);
          const stopped = stopIds.has(token);
          isComplete = stopped || tokens.length === maxTokens;
          if (!isComplete) return token;
          completions[index] = {
            text: decode(stopped ? tokens.slice(0, -1) : tokens),
            finish: stopped ? "stop" : "length",
            usage: { prompt: prompt.length, completion: tokens.length },
          };
          left--;
          if (left === 0) {
            settle();
            resolve(completions);
          }
          return token;
        },
      };
    };
    start(Array.from({ length: n }, (_, index) => toRow(index)));
  });
}

/** What an aborted request rejects with. */
export function abortError(signal: AbortSignal | undefined): RrrError {
  return new RrrError("aborted", "the request was aborted", { cause: signal?.reason });
}
