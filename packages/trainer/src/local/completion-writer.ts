import { deriveKey, uniformAt } from "@rrr/core";
import type { SampleOptions, TokenCompletion } from "../engine.ts";

/** One completion being written, token by token. */
export interface CompletionWriter {
  readonly inverseTemperature: number;
  /** The token that the model reads next, and its position. */
  readonly last: number;
  readonly position: number;
  /** The uniform number that chooses the next token, as `SampleOptions.seed` says; −1 when greedy. */
  nextUniform(): number;
  /** @returns the completion once it is complete */
  write(token: number, logprob: number, stopIds: readonly number[]): TokenCompletion | undefined;
}

/** The largest number below 1 in float32: 1 itself would pass every token. */
const belowOne = 1 - 2 ** -24;

/** Scores times this are finite in float32, and as good as greedy. */
const largestInverse = 1e30;

/** @param index which of the `options.n` completions */
export function createWriter(prompt: Int32Array, options: SampleOptions, index: number): CompletionWriter {
  const { temperature, maxTokens } = options;
  const key = deriveKey(options.seed, index);
  const tokens: number[] = [];
  const logprobs: number[] = [];
  return {
    inverseTemperature: temperature === 0 ? 1 : Math.min(1 / temperature, largestInverse),
    get last() {
      return tokens.at(-1) ?? (prompt.at(-1) as number);
    },
    get position() {
      return prompt.length - 1 + tokens.length;
    },
    nextUniform: () => (temperature === 0 ? -1 : Math.min(uniformAt(key, tokens.length), belowOne)),
    write(token, logprob, stopIds) {
      tokens.push(token);
      logprobs.push(logprob);
      const stopped = stopIds.includes(token);
      if (!stopped && tokens.length < maxTokens) return undefined;
      return {
        tokens: Int32Array.from(tokens),
        logprobs: Float32Array.from(logprobs),
        finish: stopped ? "stop" : "length",
      };
    },
  };
}
