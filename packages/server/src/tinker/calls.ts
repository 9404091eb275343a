/** The calls whose result is a future. */
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
import { checkAdam } from "@rrr/trainer/local";
import { Refusal } from "../http/refusal.ts";
import { type Call, json, once, pending } from "./call.ts";
import { type CheckpointRef, checkName, parsePath, pathOf } from "./checkpoints.ts";
import { createFromCheckpoint } from "./create-model.ts";
import type { Result } from "./futures.ts";
import { parseSample, sampleWith } from "./sample.ts";
import type { ServedModel } from "./served.ts";
import type { Service } from "./service.ts";

export function forwardBackward(
  service: Service,
  request: ForwardBackwardRequest,
  fingerprint: string,
): Json {
  const model = service.model(request.modelId);
  const { maxBatch } = service.settings;
  const work = async (): Promise<Result> => {
    if (request.data.length > maxBatch) {
      throw new Refusal(400, `more than ${maxBatch} datums in one call`);
    }
    const output = await model.forwardBackward(request);
    return {
      kind: "numbers",
      count: output.outputs.reduce((sum, { logprobs }) => sum + (logprobs?.length ?? 0), 0),
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

/**
 * The defaults are those of the official SDK. Checked before the engine has the gradient: refused after that, the next step
 * would have it twice.
 */
function adamOf(params: Json): AdamSettings {
  const of = (name: string, otherwise: number): number =>
    numberOf(params[name] ?? otherwise, `adam_params.${name}`);
  const settings: AdamSettings = {
    learningRate: of("learning_rate", 1e-4),
    beta1: of("beta1", 0.9),
    beta2: of("beta2", 0.95),
    epsilon: of("eps", 1e-12),
    weightDecay: of("weight_decay", 0),
    maxGradNorm: of("grad_clip_norm", 0),
  };
  checkAdam(settings);
  return settings;
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

const loadInto: Call = inTurn((_, body) => {
  const path = textOf(body.path, "path");
  return async (model) => {
    await model.load(parsePath(path));
    return { path, type: "load_weights" };
  };
});

export const loadWeights: Call = (service, body, fingerprint) => {
  if (body.optimizer === false)
    throw new Refusal(
      400,
      "optimizer is false; this server loads weights and optimizer, or nothing (load_state_with_optimizer)",
    );
  const isNew = typeof body.session_id === "string";
  return (isNew ? createFromCheckpoint : loadInto)(service, body, fingerprint);
};

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
          count: response.sequences.reduce((sum, { tokens }) => sum + 2 * tokens.length, 0),
          json: () => sampleToJson(response),
          protobuf: () => encodeSampleResponse(response),
        })),
    );
  const key = `sample/${body.sampling_session_id}/${body.seq_id}`;
  const id = once(service, key, body.sampling_session_id && body.seq_id, fingerprint, start);
  return { ...pending(id), sample_sequence_ids: Array.from({ length: request.n }, (_, i) => `${id}-${i}`) };
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

/** What a bad body is answered with. */
export function toRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (RrrError.is(error, "bad-argument")) return new Refusal(400, error.message);
  return RrrError.is(error, "bad-checkpoint") ? new Refusal(404, error.message) : undefined;
}
