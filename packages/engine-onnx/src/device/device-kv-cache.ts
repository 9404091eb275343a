import {
  createSession,
  createSessionCache,
  type DeviceMemory,
  type Feeds,
  type Resident,
  type Session,
  type SessionOptions,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import type { KeysAndValues, KvCache } from "../sample/kv-cache.ts";
import { lengthStep } from "../sample/room.ts";
import { type CacheShape, cacheNames } from "../sample/sampling-graphs.ts";
import { arrangeGraph } from "./arrange-graph.ts";

/** Keys and values on a device. Steps leave them there; rows come, go and move when the next step is prepared. */
export interface DeviceKvCache extends KvCache {
  /** What the step graph reads and leaves, of the cache's shape. */
  prepare(): Promise<Readonly<Record<string, Resident>>>;
  close(): Promise<void>;
}

/** What a row is to hold: a row of the tensors on the device, or what stands in this process. */
type Source =
  | { readonly kind: "row"; readonly row: number }
  | { readonly kind: "host"; readonly parts: readonly Part[] };

/** `count` positions from `at` on. */
interface Part {
  readonly at: number;
  readonly from: KeysAndValues;
  readonly fromRow: number;
  readonly count: number;
}

/** Sessions that arrange the cache, each for two shapes and a number of new rows. */
const sessionCapacity = 24;

export function createDeviceKvCache(
  config: DecoderConfig,
  memory: DeviceMemory,
  options: SessionOptions,
): DeviceKvCache {
  const { numLayers, numKvHeads, headDim } = config;
  const names = Array.from({ length: numLayers }, (_, layer) => cacheNames(layer)).flat();
  const sessions = createSessionCache<Session<Record<never, never>>>(sessionCapacity);
  /** As it is to be. */
  let shape: CacheShape = { rows: 0, length: 0 };
  let sources: (Source | undefined)[] = [];
  /** As it is on the device. */
  let there: CacheShape = { rows: 0, length: 0 };
  let held: Readonly<Record<string, Resident>> = {};

  const sized = ({ rows, length }: CacheShape): readonly number[] => [rows, numKvHeads, length, headDim];

  const isArranged = (): boolean =>
    there.rows === shape.rows &&
    there.length === shape.length &&
    sources.every((source, row) => source === undefined || (source.kind === "row" && source.row === row));

  /** Rows that are brought, each once however many want it; and for each row the place of what it gets. */
  const bring = (): { readonly rows: readonly (readonly Part[])[]; readonly places: Int32Array } => {
    const rows: (readonly Part[])[] = [];
    const known = new Map<KeysAndValues, number>();
    const places = Int32Array.from({ length: shape.rows }, (_, row) => {
      const source = sources[row];
      if (source === undefined) return 0;
      if (source.kind === "row") return source.row;
      // A block has the blocks before it: whoever ends with the same one has the same ones.
      const last = source.parts.at(-1) as Part;
      const number = known.get(last.from) ?? rows.push(source.parts) - 1;
      known.set(last.from, number);
      return there.rows + number;
    });
    return { rows, places };
  };

  const arrange = async (): Promise<void> => {
    const { rows, places } = bring();
    const longest = Math.max(0, ...rows.flat().map(({ at, count }) => at + count));
    const brought: CacheShape = {
      rows: rows.length === 0 ? 0 : 2 ** Math.ceil(Math.log2(rows.length)),
      length: Math.min(Math.ceil(longest / lengthStep) * lengthStep, shape.length),
    };
    const fresh = Object.fromEntries(names.map((name) => [name, memory.hold("float32", sized(shape))]));
    if (there.rows + brought.rows > 0) {
      const key = JSON.stringify([there, brought, shape]);
      const session = await sessions.get(key, () => {
        const graph = arrangeGraph(names, [there, brought, shape].map(sized) as never);
        return createSession({}, { ...options, resident: graph });
      });
      const feeds: Record<string, Feeds[string]> = { places };
      for (const name of names) {
        if (there.rows > 0) feeds[`past ${name}`] = held[name] as Resident;
        if (brought.rows > 0) feeds[`new ${name}`] = layOut(rows, name, brought);
      }
      await session.run(feeds, { keep: fresh });
    }
    for (const tensor of Object.values(held)) memory.free(tensor);
    held = fresh;
    there = shape;
    sources = Array.from({ length: shape.rows }, (_, row) => ({ kind: "row", row }));
  };

  /** The new rows' keys or values of a layer, one after another. */
  const layOut = (rows: readonly (readonly Part[])[], name: string, { rows: count, length }: CacheShape) => {
    const to = new Float32Array(count * numKvHeads * length * headDim);
    rows.forEach((parts, row) => {
      for (const { at, from, fromRow, count: positions } of parts) {
        const data = from.arrays[name] as Float32Array;
        for (let head = 0; head < numKvHeads; head++) {
          const start = (fromRow * numKvHeads + head) * from.length * headDim;
          to.set(
            data.subarray(start, start + positions * headDim),
            ((row * numKvHeads + head) * length + at) * headDim,
          );
        }
      }
    });
    return to;
  };

  const reshape: KvCache["reshape"] = (next) => {
    shape = next;
    sources.length = Math.min(sources.length, next.rows);
  };

  return {
    get shape() {
      return shape;
    },
    // Of tensors that are not arranged yet: `prepare` has them.
    feeds: {},
    reshape,
    start(next) {
      sources = [];
      reshape(next);
    },
    fill(row, at, from, fromRow, count) {
      const source = sources[row];
      const before = source?.kind === "host" ? source.parts : [];
      sources[row] = { kind: "host", parts: [...before, { at, from, fromRow, count }] };
    },
    move(row, fromRow) {
      sources[row] = sources[fromRow];
    },
    clear(row) {
      sources[row] = undefined;
    },
    // The step has done it.
    append: () => {},
    async prepare() {
      if (!isArranged()) await arrange();
      return held;
    },
    async close() {
      await sessions.close();
      for (const tensor of Object.values(held)) memory.free(tensor);
    },
  };
}
