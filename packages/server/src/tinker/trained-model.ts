import { RrrError } from "@rrr/core";
import type { ForwardBackwardOutput, ForwardBackwardRequest } from "@rrr/tinker-protocol";
import type { AdamSettings, Engine, OptimReport } from "@rrr/trainer";
import { Refusal } from "../http/refusal.ts";
import type { CheckpointInfo, CheckpointRef, Checkpoints } from "./checkpoints.ts";
import { pathOf } from "./checkpoints.ts";
import { createGradient } from "./gradient.ts";
import type { Reduction, ServedModel } from "./served.ts";
import { createSharedLock } from "./shared-lock.ts";
import { createTurns, type Turns } from "./turns.ts";

/** A model that a client trains. */
export interface TrainedModel {
  readonly id: string;
  readonly session: string;
  readonly served: ServedModel;
  readonly rank: number;
  readonly turns: Turns;
  /** Resolves when the model can be used. */
  ready(): Promise<unknown>;
  forwardBackward(request: ForwardBackwardRequest): Promise<ForwardBackwardOutput>;
  step(adam: AdamSettings): Promise<OptimReport>;
  save(ref: Omit<CheckpointRef, "model">, overwrite: boolean): Promise<CheckpointRef>;
  load(ref: CheckpointRef): Promise<void>;
  /** With the model's engine, where its weights are those of a checkpoint still; else undefined. */
  using<Result>(
    ref: CheckpointRef,
    work: (engine: Engine) => Promise<Result>,
  ): Promise<{ readonly result: Result } | undefined>;
  close(): Promise<void>;
}

export function createTrainedModel(
  given: {
    readonly id: string;
    readonly session: string;
    readonly served: ServedModel;
    readonly rank: number;
    readonly seed: number;
  },
  { reduction, checkpoints }: { readonly reduction: Reduction; readonly checkpoints: Checkpoints },
): TrainedModel {
  const { id, served, rank, seed } = given;
  const opening = served.open({ rank, seed });
  // Whoever uses the model is told.
  opening.catch(() => undefined);
  const gradient = opening.then((engine) => createGradient(engine, reduction));
  gradient.catch(() => undefined);
  const turns = createTurns();
  const lock = createSharedLock();
  const info: CheckpointInfo = { baseModel: served.name, rank, trains: served.trains };
  /** Paths of checkpoints whose weights these are. */
  const current = new Set<string>();

  /** Alone: samples are of the weights before, or of those after. */
  const changing = <Result>(work: () => Promise<Result>): Promise<Result> =>
    lock.exclusive(async () => {
      current.clear();
      return work();
    });

  return {
    ...given,
    turns,
    ready: () => opening,
    forwardBackward: async (request) => (await gradient).add(request),
    step: async (adam) => {
      const waiting = await gradient;
      return changing(() => waiting.step(adam));
    },
    async save(where, overwrite) {
      const ref = { model: id, ...where };
      await checkpoints.save(ref, await opening, info, overwrite);
      current.add(pathOf(ref));
      return ref;
    },
    async load(ref) {
      const { state, info: found } = await checkpoints.find(ref);
      if (found.baseModel !== info.baseModel || found.rank !== rank || found.trains !== info.trains) {
        const what = `${pathOf(ref)} is of ${found.baseModel}, rank ${found.rank}`;
        throw new RrrError("bad-checkpoint", `${what}; the model is ${info.baseModel}, rank ${rank}`);
      }
      const engine = await opening;
      (await gradient).clear();
      await changing(() => engine.loadState(state));
    },
    using: (ref, work) =>
      lock.shared(async () => (current.has(pathOf(ref)) ? { result: await work(await opening) } : undefined)),
    close() {
      turns.close(
        new Refusal(404, `model "${id}" is gone: it was unloaded, or its session sent no heartbeat`),
      );
      return changing(async () => {
        const engine = await opening.catch(() => undefined);
        await engine?.close();
      });
    },
  };
}
