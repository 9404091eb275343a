import type { Engine } from "@rrr/trainer";
import { Refusal } from "../http/refusal.ts";
import { type CheckpointRef, type Checkpoints, createCheckpoints } from "./checkpoints.ts";
import { createFutures, type Futures } from "./futures.ts";
import { createSamplers, type Samplers } from "./samplers.ts";
import type { ServedModel, TinkerSettings } from "./served.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createTrainedModel, type TrainedModel } from "./trained-model.ts";

/** What all requests work on. */
export interface Service {
  readonly settings: Required<Omit<TinkerSettings, "token">>;
  readonly futures: Futures;
  readonly sessions: Sessions;
  readonly checkpoints: Checkpoints;
  readonly samplers: Samplers;
  /** Requests that may be repeated, and the ids that they were answered with, by what names them. */
  readonly answered: Map<string, { readonly fingerprint: string; readonly id: string }>;
  /** Weights that are sampled without a name, by the id that they were given. */
  readonly ephemeral: Map<string, CheckpointRef | ServedModel>;
  served(name: string): ServedModel;
  /** @param number of the session's models; a client derives the model's id from it */
  create(
    session: string,
    number: number | undefined,
    served: ServedModel,
    adapter: { rank: number; seed: number },
  ): TrainedModel;
  /** @throws Refusal 404 */
  model(id: string): TrainedModel;
  unload(id: string): Promise<void>;
  /** With an engine that has the weights of a checkpoint, or of a model as it came. */
  withWeights<Result>(
    of: CheckpointRef | ServedModel,
    work: (engine: Engine) => Promise<Result>,
  ): Promise<Result>;
  close(): Promise<void>;
}

const DEFAULTS = {
  reduction: "sum",
  sessionSeconds: 300,
  holdSeconds: 20,
  maxBodyBytes: 64 << 20,
  maxBatch: 1024,
  maxModels: 8,
} as const;

export function createService({ token: _, ...given }: TinkerSettings): Service {
  const settings = { ...DEFAULTS, ...given };
  const stored = createCheckpoints(settings.folder);
  const samplers = createSamplers(settings.models, stored);
  // A name can be another checkpoint's later: what is open under it has the weights of the one before.
  const checkpoints: Checkpoints = {
    ...stored,
    async save(ref, ...what) {
      await stored.save(ref, ...what);
      await samplers.forget(ref);
    },
    async remove(ref) {
      await stored.remove(ref);
      await samplers.forget(ref);
    },
  };
  const models = new Map<string, TrainedModel>();
  const unload = async (id: string): Promise<void> => {
    const model = models.get(id);
    models.delete(id);
    await model?.close();
  };
  const sessions = createSessions(settings.sessionSeconds, (gone) => {
    for (const { id, session } of models.values()) {
      if (session === gone) unload(id).catch(() => undefined);
    }
  });
  return {
    settings,
    futures: createFutures(),
    sessions,
    checkpoints,
    samplers,
    answered: new Map(),
    ephemeral: new Map(),
    served(name) {
      const found = settings.models.find((each) => each.name === name);
      if (found !== undefined) return found;
      const names = settings.models.map((each) => each.name).join(", ");
      throw new Refusal(404, `there is no model ${JSON.stringify(name)} here; there is ${names}`);
    },
    create(session, number, served, adapter) {
      if (models.size >= settings.maxModels) {
        throw new Refusal(400, `${models.size} models are loaded, the most that this server has; unload one`);
      }
      const id =
        number === undefined ? `model_${crypto.randomUUID().slice(0, 8)}` : `${session}:train:${number}`;
      if (models.has(id)) throw new Refusal(409, `there is a model ${id} already`);
      const model = createTrainedModel({ id, session, served, ...adapter }, { ...settings, checkpoints });
      models.set(id, model);
      return model;
    },
    model(id) {
      const found = models.get(id);
      if (found !== undefined) return found;
      throw new Refusal(
        404,
        `model ${JSON.stringify(id)} is not loaded: it was unloaded, or its session sent no heartbeat`,
      );
    },
    unload,
    async withWeights(of, work) {
      if ("open" in of) return samplers.ofBase(of, work);
      const live = await models.get(of.model)?.using(of, work);
      return live === undefined ? samplers.ofCheckpoint(of, work) : live.result;
    },
    async close() {
      sessions.close();
      await Promise.all([...models.keys()].map(unload));
      await samplers.close();
    },
  };
}
