import { RrrError } from "@rrr/core";
import type { SampleOptions, TokenCompletion } from "../engine.ts";
import { type CompletionWriter, createWriter } from "./completion-writer.ts";

/** A call of `sample` that waits for its completions. */
export interface SampleRequest {
  readonly prompt: Int32Array;
  /** Tokens of its longest completion, prompt included. */
  readonly length: number;
  /** Aborted or failed: what it still has in rows is of no use. */
  readonly isOver: boolean;
  readonly isStarted: boolean;
  /** The next completion's writer and its number. */
  start(): { readonly writer: CompletionWriter; readonly index: number };
  /** Hands in a completion; the call resolves with the last one. */
  finish(index: number, completion: TokenCompletion): void;
  fail(error: unknown): void;
}

/** Some of a call's completions: `n` of them from number `first` on (default 0). */
export interface PartOptions extends SampleOptions {
  readonly first?: number;
}

export function createRequest(
  prompt: Int32Array,
  options: PartOptions,
  resolve: (completions: readonly TokenCompletion[]) => void,
  reject: (error: unknown) => void,
  settled: () => void,
): SampleRequest {
  const { n, maxTokens, signal, first = 0 } = options;
  const completions: TokenCompletion[] = [];
  let started = 0;
  let left = n;
  let isOver = false;
  const settle = (): boolean => {
    if (isOver) return false;
    isOver = true;
    signal?.removeEventListener("abort", abort);
    settled();
    return true;
  };
  const fail = (error: unknown): void => {
    if (settle()) reject(error);
  };
  const abort = (): void => fail(abortError(signal));
  signal?.addEventListener("abort", abort);
  return {
    prompt,
    length: prompt.length + maxTokens,
    get isOver() {
      return isOver;
    },
    get isStarted() {
      return started === n;
    },
    start() {
      const index = started++;
      return { index, writer: createWriter(prompt, options, first + index) };
    },
    finish(index, completion) {
      completions[index] = completion;
      left--;
      if (left === 0 && settle()) resolve(completions);
    },
    fail,
  };
}

/** What an aborted call rejects with. */
export function abortError(signal: AbortSignal | undefined): RrrError {
  return new RrrError("aborted", "sampling was aborted", { cause: signal?.reason });
}
