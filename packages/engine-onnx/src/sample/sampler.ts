import {
  createSession,
  createSessionCache,
  type Results,
  type Session,
  type SessionOptions,
  type Tensor,
} from "@rrr/autodiff";
import { RrrError } from "@rrr/core";
import type { DecoderConfig, TokenCompletion } from "@rrr/trainer";
import { divergedModel } from "@rrr/trainer";
import {
  abortError,
  type CompletionWriter,
  createRequest,
  type PartOptions,
  type SampleRequest,
} from "@rrr/trainer/local";
import type { Parameters } from "../decoder/parameters.ts";
import { prefixBlocks } from "../memory.ts";
import { createKvCache, type KvCache } from "./kv-cache.ts";
import { createPrefixCache, type PrefixBlock } from "./prefix-cache.ts";
import { contentOf, createPromptReader } from "./read-prompts.ts";
import { hasRoom, isLight, type Room, rowsFor, shapeFor, tooLong } from "./room.ts";
import { type CacheShape, stepGraph } from "./sampling-graphs.ts";

/** Writes completions, many at a time: a row that one has left is the next one's at once. */
export interface Sampler {
  /** `prompt` and `options` must have been checked. */
  sample(prompt: Int32Array, options: PartOptions): Promise<readonly TokenCompletion[]>;
  /** The weights have changed: nothing that was read under the old ones is of use. */
  forget(): void;
  close(): Promise<void>;
}

export interface SamplerOptions extends SessionOptions, Room {
  /** Most blocks of prompts that are kept. Absent: as the model is large. */
  readonly prefixBlocks?: number | undefined;
  /** Absent: in this process. */
  readonly steps?: StepPart | undefined;
  readonly stopIds: readonly number[];
  /** On up to so many threads completions are the same to the bit, 0 being one per core. Default: its own threads. */
  readonly sameOn?: number;
}

/** A call, whose completions share what was computed of the prompt. */
interface SharedRequest extends SampleRequest {
  /** Blocks of the prompt's tokens but the last, once read; unset again when no completion needs them. */
  prefix?: readonly PrefixBlock[] | undefined;
}

/** A row in use. */
interface Occupant {
  readonly request: SharedRequest;
  readonly index: number;
  readonly writer: CompletionWriter;
}

type StepOutputs = ReturnType<typeof stepGraph>;

/** A compiled step. What it puts out is overwritten by its next run: new arrays for each step would be much to clear away. */
export type StepSession = Pick<Session<StepOutputs>, "run" | "close">;

/** Steps whose cache is elsewhere: their runs write it themselves. */
export interface StepPart {
  readonly cache: KvCache;
  open(shape: CacheShape): Promise<StepSession>;
}

async function openStep(graph: StepOutputs, options: SessionOptions): Promise<StepSession> {
  const session = await createSession(graph, options);
  let arrays: Partial<Results<StepOutputs>> = {};
  return {
    async run(feeds) {
      const results = await session.run(feeds, { into: arrays });
      arrays = results;
      return results;
    },
    close: () => session.close(),
  };
}

/** Compiled graphs kept, each for steps and for prompts. */
const sessionCapacity = 24;

export function createSampler(
  config: DecoderConfig,
  parameters: Parameters,
  options: SamplerOptions,
): Sampler {
  const stepSessions = createSessionCache<StepSession>(sessionCapacity);
  const promptSessions = createSessionCache<Session<Readonly<Record<string, Tensor>>>>(sessionCapacity);
  /** Calls that have neither resolved nor rejected. */
  const open = new Set<SharedRequest>();
  /** Those of them with completions that have no row yet. */
  let queue: SharedRequest[] = [];
  /** Row by row; unset where a row is free. */
  let occupants: (Occupant | undefined)[] = [];
  const { steps } = options;
  const room: Room = { ...options, isLarge: !isLight(config, 8) };
  const cache = steps?.cache ?? createKvCache(config);
  const prefixes = createPrefixCache(options.prefixBlocks ?? prefixBlocks(config));
  const reader = createPromptReader(config, parameters, promptSessions, options);
  let isWorking = false;
  let isClosed = false;
  let working: Promise<void> = Promise.resolve();

  /** Lets waiting completions into free rows, in the order in which they were asked for. */
  const admit = async (): Promise<void> => {
    const joining: Occupant[] = [];
    const free = options.rows - occupants.filter((occupant) => occupant !== undefined).length;
    let longest = occupants.reduce((most, occupant) => Math.max(most, occupant?.request.length ?? 0), 0);
    while (queue[0] !== undefined && joining.length < free) {
      const request = queue[0];
      longest = Math.max(longest, request.length);
      // Gaps between rows in use have a place in the cache too.
      const rows = Math.max(options.rows - free + joining.length + 1, occupants.length);
      if (!hasRoom(rows, longest, room)) break;
      joining.push({ request, ...request.start() });
      if (request.isStarted) queue.shift();
    }
    for (const { request } of joining) request.prefix ??= prefixes.blocksOf(request.prompt.subarray(0, -1));
    await reader.read(joining.map(({ request }) => request.prefix ?? []));
    const rows = joining.map((occupant) => {
      const gap = occupants.indexOf(undefined);
      const row = gap === -1 ? occupants.length : gap;
      occupants[row] = occupant;
      return row;
    });
    fit();
    joining.forEach(({ request: { prefix = [] } }, index) => {
      const row = rows[index] as number;
      cache.clear(row);
      for (const block of prefix) cache.fill(row, block.start, contentOf(block), 0, block.tokens.length);
    });
    for (const { request } of joining) if (request.isStarted) request.prefix = undefined;
    prefixes.trim();
  };

  /** Gives the cache a shape that fits the rows in use. */
  const fit = (): void => {
    const positions = occupants.map((occupant) => occupant?.writer.position);
    const shape = shapeFor(positions, cache.shape, room, config.maxPositions);
    if (shape !== cache.shape) cache.reshape(shape);
  };

  /** Frees the rows of calls that are over and, when nobody waits, moves the last rows into the gaps. */
  const tidy = (): void => {
    queue = queue.filter(({ isOver }) => !isOver);
    occupants = occupants.map((occupant) => (occupant?.request.isOver === true ? undefined : occupant));
    while (occupants.length > 0 && occupants.at(-1) === undefined) occupants.pop();
    const count = occupants.filter((occupant) => occupant !== undefined).length;
    if (queue.length > 0 || rowsFor(count, room) >= cache.shape.rows) return;
    for (let gap = occupants.indexOf(undefined); gap !== -1; gap = occupants.indexOf(undefined)) {
      const from = occupants.length - 1;
      const last = occupants.pop();
      if (last === undefined || gap === from) continue;
      occupants[gap] = last;
      cache.move(gap, from);
    }
  };

  const step = async (): Promise<void> => {
    fit();
    const { rows, length } = cache.shape;
    const session = await stepSessions.get(
      `${rows}×${length}`,
      () =>
        steps?.open({ rows, length }) ??
        openStep(stepGraph(config, parameters, { rows, length }, options.sameOn ?? options.threads ?? 0), {
          ...options,
          ...(isLight(config, rows) ? { threads: 1 } : {}),
        }),
    );
    const results = await session.run({ ...parameters.feeds, ...cache.feeds, ...stepFeeds(occupants, rows) });
    occupants.forEach((occupant, row) => {
      if (occupant === undefined) return;
      const { request, index, writer } = occupant;
      const logprob = results.logprob?.[row] as number;
      if (!Number.isFinite(logprob)) {
        request.fail(divergedModel(logprob));
        return;
      }
      cache.append(row, results as Readonly<Record<string, Float32Array>>, writer.position);
      const token = results.token?.[row] as number;
      const completion = writer.write(token, logprob, options.stopIds);
      if (completion === undefined) return;
      occupants[row] = undefined;
      request.finish(index, completion);
    });
  };

  const work = async (): Promise<void> => {
    // Calls made together start together.
    await new Promise(setImmediate);
    for (;;) {
      tidy();
      await admit();
      if (occupants.length === 0 && queue.length === 0) break;
      if (occupants.length > 0) await step();
    }
  };

  const failAll = (error: unknown): void => {
    for (const request of open) request.fail(error);
  };

  const start = (): void => {
    isWorking = true;
    working = work()
      .catch((error: unknown) => {
        failAll(error);
        // Of what failed there may be blocks that nobody will read.
        prefixes.clear();
        queue = [];
        occupants = [];
      })
      .finally(() => {
        isWorking = false;
        if (queue.length > 0) start();
      });
  };

  return {
    sample: (prompt, sampleOptions) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new RrrError("aborted", "the engine was closed"));
        if (sampleOptions.signal?.aborted === true) return reject(abortError(sampleOptions.signal));
        const length = prompt.length + sampleOptions.maxTokens;
        if (!hasRoom(1, length, room)) return reject(tooLong(length, room));
        const request: SharedRequest = createRequest(prompt, sampleOptions, resolve, reject, () =>
          open.delete(request),
        );
        open.add(request);
        queue.push(request);
        if (!isWorking) start();
      }),
    forget: () => prefixes.clear(),
    async close() {
      isClosed = true;
      failAll(new RrrError("aborted", "the engine was closed"));
      // The step that it is in: what is closed after this may be what it uses.
      await working;
      await Promise.all([stepSessions.close(), promptSessions.close()]);
    },
  };
}

/** What each row reads next; free rows read token 0, and nobody reads them. */
function stepFeeds(
  occupants: readonly (Occupant | undefined)[],
  rows: number,
): Readonly<Record<string, Int32Array | BigInt64Array | Float32Array>> {
  const tokens = new Int32Array(rows);
  const positions = new BigInt64Array(rows);
  const uniform = new Float32Array(rows);
  const inverseTemperature = new Float32Array(rows).fill(1);
  occupants.forEach((occupant, row) => {
    if (occupant === undefined) return;
    const { writer } = occupant;
    tokens[row] = writer.last;
    positions[row] = BigInt(writer.position);
    uniform[row] = writer.nextUniform();
    inverseTemperature[row] = writer.inverseTemperature;
  });
  return { tokens, positions, uniform, inverseTemperature };
}
