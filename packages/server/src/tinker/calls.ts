/** The calls whose result is a future. */
import { createHash } from "node:crypto";
import { RrrError } from "@rrr/core";
import {
  encodeForwardBackwardOutput,
  encodeSampleResponse,
  type ForwardBackwardRequest,
  type Json,
  numberOf,
  objectOf,
  outputToJson,
  sampleToJson,
  textOf,
} from "@rrr/tinker-protocol";
import type { AdamSettings } from "@rrr/trainer";
import { Refusal } from "../http/refusal.ts";
import { type CheckpointRef, checkName, parsePath, pathOf } from "./checkpoints.ts";
import type { Result } from "./futures.ts";
import { parseSample, sampleWith } from "./sample.ts";
import type { ServedModel } from "./served.ts";
import type { Service } from "./service.ts";

/** A call: checks what can be checked at once, starts its work, and answers with its future. */
export type Call = (service: Service, body: Json, fingerprint: string) => Json;

export function fingerprintOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export const createModel: Call = (service, body, fingerprint) => {
  const session = textOf(body.session_id, "session_id");
  if (!service.sessions.beat(session))
    throw new Refusal(404, `there is no session ${JSON.stringify(session)}`);
  const served = service.served(textOf(body.base_model, "base_model"));
  const lora = objectOf(body.lora_config ?? {}, "lora_config");
  const rank = served.trains === "lora" ? numberOf(lora.rank ?? 32, "lora_config.rank") : 0;
  const seed = numberOf(lora.seed ?? 0, "lora_config.seed");
  if (!Number.isInteger(rank) || rank < 0) throw new Refusal(400, `lora_config.rank is ${rank}`);
  const id = once(service, `model/${session}/${body.model_seq_id}`, body.model_seq_id, fingerprint, () => {
    const model = service.create(session, served, { rank, seed });
    return service.futures.add(
      model
        .ready()
        .then(() => json({ model_id: model.id, base_model: served.name, ...metadata(served, rank) })),
    );
  });
  return pending(id);
};

/** What is trained, said with every model: a client that asked for an adapter and got all weights must be able to see it. */
export function metadata(served: ServedModel, rank: number): Json {
  const isLora = served.trains === "lora" && rank > 0;
  return isLora
    ? { is_lora: true, lora_rank: rank, lora_config: { rank } }
    : { is_lora: false, lora_rank: null, lora_config: null, trains: "full" };
}

export function forwardBackward(
  service: Service,
  request: ForwardBackwardRequest,
  fingerprint: string,
): Json {
  const model = service.model(request.modelId);
  const { maxBatch } = service.settings;
  const work = async (): Promise<Result> => {
    if (request.data.length > maxBatch) {
      throw new Refusal(400, `${request.data.length} datums in one call; the most are ${maxBatch}`);
    }
    const output = await model.forwardBackward(request);
    return {
      kind: "numbers",
      json: () => outputToJson(output),
      protobuf: () => encodeForwardBackwardOutput(output),
    };
  };
  return pending(model.turns.submit(request.seqId, fingerprint, work, service.futures.add));
}

/**
 * A request that has its turn among its model's. What is wrong with it is said when its turn has come: refused before,
 * it would leave its number unused, and those after it would wait for ever.
 */
function inTurn(
  work: (service: Service, body: Json) => (model: ReturnType<Service["model"]>) => Promise<object>,
): Call {
  return (service, body, fingerprint) => {
    const model = service.model(textOf(body.model_id, "model_id"));
    const start = async (): Promise<Result> => json(await work(service, body)(model));
    return pending(
      model.turns.submit(numberOf(body.seq_id, "seq_id"), fingerprint, start, service.futures.add),
    );
  };
}

export const optimStep: Call = inTurn((_, body) => {
  const adam = adamOf(objectOf(body.adam_params, "adam_params"));
  return async (model) => {
    const { gradNorm } = await model.step(adam);
    return { metrics: { grad_norm: gradNorm, learning_rate: adam.learningRate }, type: "optim_step" };
  };
});

/** The defaults are those of the official SDK. */
function adamOf(params: Json): AdamSettings {
  const of = (name: string, otherwise: number): number =>
    numberOf(params[name] ?? otherwise, `adam_params.${name}`);
  return {
    learningRate: of("learning_rate", 1e-4),
    beta1: of("beta1", 0.9),
    beta2: of("beta2", 0.95),
    epsilon: of("eps", 1e-12),
    weightDecay: of("weight_decay", 0),
    maxGradNorm: of("grad_clip_norm", 0),
  };
}

export const saveWeights: Call = inTurn((_, body) => {
  const name = checkName(textOf(body.path, "path"));
  return async (model) => {
    const ref = await model.save({ kind: "weights", name }, body.overwrite === true);
    return { path: pathOf(ref), type: "save_weights" };
  };
});

export const saveForSampler: Call = inTurn((service, body) => {
  const isNamed = body.path !== undefined && body.path !== null;
  const name = isNamed
    ? checkName(textOf(body.path, "path"))
    : `ephemeral_${body.sampling_session_seq_id}_${body.seq_id}`;
  return async (model) => {
    const ref = await model.save({ kind: "sampler_weights", name: checkName(name) }, false);
    const id = isNamed ? null : newSampling(service, ref);
    return { path: isNamed ? pathOf(ref) : null, sampling_session_id: id, type: "save_weights_for_sampler" };
  };
});

export const loadWeights: Call = inTurn((_, body) => {
  const path = textOf(body.path, "path");
  if (body.optimizer === false)
    throw new Refusal(
      400,
      "optimizer is false; this server loads weights and optimizer, or nothing (load_state_with_optimizer)",
    );
  return async (model) => {
    await model.load(parsePath(path));
    return { path, type: "load_weights" };
  };
});

export const unloadModel: Call = (service, body) => {
  const id = textOf(body.model_id, "model_id");
  const done = service
    .unload(id)
    .then(() => json({ model_id: id, status: "unloaded", type: "unload_model" }));
  return pending(service.futures.add(done));
};

export const asample: Call = (service, body, fingerprint) => {
  const request = parseSample(body, service.settings.maxBatch);
  const weights = weightsOf(service, body);
  const start = (): string =>
    service.futures.add(
      service
        .withWeights(weights, (engine) => sampleWith(engine, request))
        .then((response) => ({
          kind: "numbers",
          json: () => sampleToJson(response),
          protobuf: () => encodeSampleResponse(response),
        })),
    );
  const key = `sample/${body.sampling_session_id}/${body.seq_id}`;
  return pending(once(service, key, body.sampling_session_id && body.seq_id, fingerprint, start));
};

/** Weights to sample from, without a name of their own. */
export function newSampling(service: Service, weights: CheckpointRef | ServedModel): string {
  const id = `sampling_${crypto.randomUUID().slice(0, 8)}`;
  service.ephemeral.set(id, weights);
  return id;
}

/** @throws Refusal unless exactly one is named */
export function weightsOf(service: Service, body: Json): CheckpointRef | ServedModel {
  const { base_model, model_path, sampling_session_id } = body;
  const given = [base_model, model_path, sampling_session_id].filter((each) => typeof each === "string");
  if (given.length !== 1) {
    throw new Refusal(400, "name the weights by one of base_model, model_path and sampling_session_id");
  }
  if (typeof model_path === "string") return parsePath(model_path);
  if (typeof base_model === "string") return service.served(base_model);
  const found = service.ephemeral.get(sampling_session_id as string);
  if (found === undefined)
    throw new Refusal(404, `there is no sampling session ${JSON.stringify(sampling_session_id)}`);
  return found;
}

/** Starts a request that has a number of its own once, however often it comes. */
function once(
  service: Service,
  key: string,
  number: unknown,
  fingerprint: string,
  start: () => string,
): string {
  const { answered } = service;
  const before = number === undefined || number === null ? undefined : answered.get(key);
  if (before !== undefined) {
    if (before.fingerprint === fingerprint) return before.id;
    throw new Refusal(409, `${key} was used for another request`);
  }
  const id = start();
  answered.set(key, { fingerprint, id });
  for (const old of answered.keys()) {
    if (answered.size <= MOST_ANSWERED) break;
    answered.delete(old);
  }
  return id;
}

const MOST_ANSWERED = 5_000;

function json(body: object): Result {
  return { kind: "json", body };
}

function pending(id: string): Json {
  return { future_id: id, request_id: id, status: "pending" };
}

/** What a bad body is answered with. */
export function toRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (RrrError.is(error, "bad-argument")) return new Refusal(400, error.message);
  return RrrError.is(error, "bad-checkpoint") ? new Refusal(404, error.message) : undefined;
}
