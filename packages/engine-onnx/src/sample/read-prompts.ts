import {
  createSession,
  type Session,
  type SessionCache,
  type SessionOptions,
  type Tensor,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import type { Parameters } from "../decoder/parameters.ts";
import type { SampleRequest } from "./sample-request.ts";
import { promptGraph, promptWeights } from "./sampling-graphs.ts";

/** Prompts are read in batches whose length is a multiple of this and whose number is one of these. */
const lengthStep = 32;
const batchSizes = [16, 4, 1] as const;

/**
 * Computes the keys and values of all but the last token of each request's prompt, and leaves them in its `prefix`.
 * The last token is read by the first step, which also samples.
 */
export async function readPrompts(
  config: DecoderConfig,
  parameters: Parameters,
  requests: readonly SampleRequest[],
  sessions: SessionCache<Session<Readonly<Record<string, Tensor>>>>,
  options: SessionOptions,
): Promise<void> {
  const { feeds } = parameters;
  const read = Object.fromEntries(
    promptWeights(config, Object.keys(feeds)).map((name) => [name, feeds[name] as Float32Array]),
  );
  const byLength = new Map<number, SampleRequest[]>();
  for (const request of requests) {
    const length = Math.ceil((request.prompt.length - 1) / lengthStep) * lengthStep;
    byLength.set(length, [...(byLength.get(length) ?? []), request]);
  }
  for (const [length, group] of byLength) {
    if (length === 0) continue;
    for (let start = 0; start < group.length; ) {
      const left = group.length - start;
      const rows = batchSizes.find((size) => size <= left * 2) ?? 1;
      const batch = group.slice(start, start + rows);
      const tokens = new Int32Array(rows * length);
      batch.forEach(({ prompt }, row) => {
        tokens.set(prompt.subarray(0, -1), row * length);
      });
      const session = await sessions.get(`${rows}×${length}`, () =>
        createSession(promptGraph(config, parameters, { rows, length }, options.threads ?? 0), options),
      );
      const arrays = await session.run({ ...read, tokens });
      batch.forEach((request, row) => {
        request.prefix = {
          source: { length, arrays: arrays as Readonly<Record<string, Float32Array>> },
          row,
        };
      });
      start += rows;
    }
  }
}
