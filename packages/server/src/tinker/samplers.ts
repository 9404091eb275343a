import { RrrError } from "@rrr/core";
import type { Engine } from "@rrr/trainer";
import { type CheckpointRef, type Checkpoints, pathOf } from "./checkpoints.ts";
import type { ServedModel } from "./served.ts";

/** Engines that are kept open for weights that no model in training has. */
const KEPT = 2;

/** Engines for checkpoints of earlier weights and for the models as they came: they sample, and never train. */
export interface Samplers {
  ofCheckpoint<Result>(ref: CheckpointRef, work: (engine: Engine) => Promise<Result>): Promise<Result>;
  ofBase<Result>(served: ServedModel, work: (engine: Engine) => Promise<Result>): Promise<Result>;
  /** What is under this path is no longer what it was. */
  forget(ref: CheckpointRef): Promise<void>;
  close(): Promise<void>;
}

interface Opened {
  readonly engine: Promise<Engine>;
  users: number;
  closed?: Promise<void>;
}

export function createSamplers(models: readonly ServedModel[], checkpoints: Checkpoints): Samplers {
  const opened = new Map<string, Opened>();

  async function using<Result>(
    key: string,
    open: () => Promise<Engine>,
    work: (engine: Engine) => Promise<Result>,
  ): Promise<Result> {
    const entry = opened.get(key) ?? { engine: open(), users: 0 };
    // The one used last is the last in the map.
    opened.delete(key);
    opened.set(key, entry);
    entry.users++;
    try {
      return await work(await entry.engine);
    } catch (error) {
      if (opened.get(key) === entry && (await isBroken(entry))) opened.delete(key);
      throw error;
    } finally {
      entry.users--;
      // Forgotten meanwhile: whoever was the last to use it closes it.
      if (entry.users === 0 && opened.get(key) !== entry) await closeOne(entry);
      await closeOthers();
    }
  }

  /** Once, whoever asks for it. */
  function closeOne(entry: Opened): Promise<void> {
    entry.closed ??= entry.engine.then(
      (engine) => engine.close(),
      () => undefined,
    );
    return entry.closed;
  }

  async function closeOthers(): Promise<void> {
    for (const [key, entry] of opened) {
      if (opened.size <= KEPT) break;
      if (entry.users > 0) continue;
      opened.delete(key);
      await closeOne(entry);
    }
  }

  async function openCheckpoint(ref: CheckpointRef): Promise<Engine> {
    const { state, info } = await checkpoints.find(ref);
    const served = models.find(({ name }) => name === info.baseModel);
    if (served === undefined) {
      throw new RrrError(
        "bad-checkpoint",
        `${pathOf(ref)} is of ${info.baseModel}, which is not served here`,
      );
    }
    const engine = await served.open({ rank: info.rank, seed: 0 });
    try {
      await engine.loadState(state);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  return {
    ofCheckpoint: (ref, work) => using(pathOf(ref), () => openCheckpoint(ref), work),
    ofBase: (served, work) => using(`base:${served.name}`, () => served.open({ rank: 1, seed: 0 }), work),
    async forget(ref) {
      const entry = opened.get(pathOf(ref));
      opened.delete(pathOf(ref));
      if (entry?.users === 0) await closeOne(entry);
    },
    async close() {
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(all.map(closeOne));
    },
  };
}

async function isBroken({ engine }: Opened): Promise<boolean> {
  return engine.then(
    () => false,
    () => true,
  );
}
