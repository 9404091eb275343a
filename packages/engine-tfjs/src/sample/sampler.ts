/**
 * Completions are written in rounds: all that wait begin together, and who asks meanwhile waits for the next round. A row
 * that is complete is dropped at once, so that a round costs what its completions do.
 */
import { setImmediate } from "node:timers/promises";
import { RrrError } from "@rrr/core";
import { type DecoderConfig, divergedModel, type SampleOptions, type TokenCompletion } from "@rrr/trainer";
import {
  abortError,
  type CompletionWriter,
  createRequest,
  rotaryTables,
  type SampleRequest,
  type Turns,
} from "@rrr/trainer/local";
import type { KeysAndValues } from "../model/attention.ts";
import { type Decoding, decode, guard, logits } from "../model/decoder.ts";
import type { ModelTensors } from "../model/tensors.ts";
import type { Runtime } from "../runtime/open-runtime.ts";
import { type Cache, chooseRows, disposeCache, readPrompts, stepAttention, turning } from "./cache.ts";
import { draw } from "./draw.ts";

export interface Sampler {
  /** `prompt` and `options` must have been checked. */
  sample(prompt: Int32Array, options: SampleOptions): Promise<readonly TokenCompletion[]>;
  close(): void;
}

/** A row in use. */
interface Row {
  readonly request: SampleRequest;
  readonly index: number;
  readonly writer: CompletionWriter;
}

/**
 * @param weights on the backend, as they are now; they stay so for a turn
 * @param most completions written at once
 */
export function createSampler(
  runtime: Runtime,
  config: DecoderConfig,
  weights: () => ModelTensors,
  inTurn: Turns,
  { most, stopIds }: { readonly most: number; readonly stopIds: readonly number[] },
): Sampler {
  const { tf } = runtime;
  /** Calls that have neither resolved nor rejected. */
  const open = new Set<SampleRequest>();
  /** Those of them with completions that no round has begun. */
  let queue: SampleRequest[] = [];
  let isWorking = false;
  let isClosed = false;

  const round = async (): Promise<void> => {
    const rows: Row[] = [];
    queue = queue.filter(({ isOver }) => !isOver);
    while (queue[0] !== undefined && rows.length < most) {
      const request = queue[0];
      rows.push({ request, ...request.start() });
      if (request.isStarted) queue.shift();
    }
    try {
      await write(rows);
    } catch (error) {
      for (const { request } of rows) request.fail(error);
    }
  };

  const write = async (begun: readonly Row[]): Promise<void> => {
    const decoding: Decoding = { tf, config, tensors: weights() };
    const isOver = (): boolean => begun.every(({ request }) => request.isOver);
    const prompts = new Map<string, Int32Array>();
    const keyOf = ({ request }: Row): string => request.prompt.join();
    for (const row of begun) prompts.set(keyOf(row), row.request.prompt.subarray(0, -1));
    const read = await readPrompts(runtime, decoding, [...prompts.values()], async () => {
      await setImmediate();
      if (isOver()) throw new RrrError("aborted", "nobody waits for this");
    });
    const numbers = new Map([...prompts.keys()].map((key, number) => [key, number]));
    let rows = begun;
    let cache = chooseRows(
      runtime,
      read,
      rows.map((row) => numbers.get(keyOf(row)) as number),
    );
    const longest = rows.reduce((length, { request }) => Math.max(length, request.prompt.length), 0);
    let tables = rotaryTables(config, 2 * longest);
    try {
      while (rows.length > 0) {
        await setImmediate();
        const end = rows.reduce((last, { writer }) => Math.max(last, writer.position + 1), 0);
        if (end * half(config) > tables.cos.length) tables = rotaryTables(config, 2 * end);
        const { next, scores } = step(decoding, cache, rows, tables);
        cache = next;
        const values = (await scores.data()) as Float32Array;
        scores.dispose();
        const left = rows.flatMap((row, number) => (take(row, number, values) ? [number] : []));
        if (left.length < rows.length && left.length > 0) cache = chooseRows(runtime, cache, left);
        rows = left.map((number) => rows[number] as Row);
      }
    } finally {
      disposeCache(cache);
    }
  };

  /** One token a row: reads each row's last one, and scores the next. */
  const step = (
    decoding: Decoding,
    cache: Cache,
    rows: readonly Row[],
    tables: ReturnType<typeof rotaryTables>,
  ) => {
    const done = runtime.tidy(() => {
      const since: KeysAndValues[] = [];
      const positions = rows.map(({ writer }) => writer.position);
      const turn = turning(tf, tables, half(config), positions);
      const tokens = Int32Array.from(rows, ({ writer }) => writer.last);
      const hidden = decode(decoding, tokens, stepAttention(tf, config, cache, turn, since));
      return { since, scores: tf.add(logits(decoding, hidden), guard(tf, hidden)) };
    });
    for (const { key, value } of cache.since ?? []) {
      key.dispose();
      value.dispose();
    }
    return { next: { ...cache, since: done.since }, scores: done.scores };
  };

  /** Gives a row its next token. @returns whether the row goes on */
  const take = ({ request, index, writer }: Row, number: number, values: Float32Array): boolean => {
    if (request.isOver) return false;
    const { vocabSize } = config;
    const { token, logprob } = draw(values.subarray(number * vocabSize, (number + 1) * vocabSize), writer);
    if (!Number.isFinite(logprob)) {
      request.fail(divergedModel(logprob));
      return false;
    }
    const completion = writer.write(token, logprob, stopIds);
    if (completion !== undefined) request.finish(index, completion);
    return completion === undefined;
  };

  const start = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    while (queue.length > 0) await inTurn(round);
    isWorking = false;
  };

  return {
    sample: (prompt, options) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new RrrError("aborted", "the engine was closed"));
        if (options.signal?.aborted === true) return reject(abortError(options.signal));
        const request = createRequest(prompt, options, resolve, reject, () => open.delete(request));
        open.add(request);
        queue.push(request);
        void start();
      }),
    close() {
      isClosed = true;
      for (const request of open) request.fail(new RrrError("aborted", "the engine was closed"));
    },
  };
}

/** Pairs of dimensions that are turned. */
function half({ headDim, rotaryDim = headDim }: DecoderConfig): number {
  return rotaryDim / 2;
}
