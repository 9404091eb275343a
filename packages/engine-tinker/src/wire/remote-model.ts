import { RrrError } from "@rrr/core";
import {
  decodeForwardBackwardOutput,
  decodeSampleResponse,
  encodeForwardBackwardRequest,
  type ForwardBackwardOutput,
  type ForwardBackwardRequest,
  forwardBackwardToJson,
  type Json,
  outputFromJson,
  type SampleResponse,
  sampleFromJson,
  textOf,
  type WireDatum,
} from "@rrr/tinker-protocol";
import type { AdamSettings } from "@rrr/trainer";
import type { Dialect } from "../settings.ts";
import type { Connection } from "./connection.ts";
import { type Answer, jsonOf, read, resultOf, statusOf } from "./futures.ts";

/** A model on the server, with the number of its next request. */
export interface RemoteModel {
  readonly id: string;
  /** What the server says of it. */
  readonly info: Json;
  forwardBackward(
    data: readonly WireDatum[],
    loss: string,
    forwardOnly: boolean,
  ): Promise<ForwardBackwardOutput>;
  /** @returns the server's metrics */
  optimStep(adam: Required<AdamSettings>): Promise<Json>;
  /** Weights to be sampled from. @returns their path */
  saveForSampler(): Promise<string>;
  /** Weights and optimiser. @returns their path */
  save(): Promise<string>;
  /** Only as the first request. */
  load(path: string): Promise<void>;
  unload(): Promise<void>;
}

/** What the models of a session have in common. */
export interface Remote {
  readonly connection: Connection;
  readonly session: string;
  readonly timeout: number;
  /** Found out by the first call of `forward_backward`, where it is `auto`. */
  dialect: Dialect | "auto";
  /** Of the next model. */
  modelSeq: number;
  /** Of the models that are on the server. */
  readonly ids: Set<string>;
  /** Adapters that are of no more use, and are still on the server: see `discard`. */
  readonly discarded: RemoteModel[];
}

export interface Adapter {
  readonly model: string;
  readonly rank: number;
  readonly seed: number;
}

/**
 * Is done with a model. Adapters stay on the server until the session ends, or until it has no room for another: SkyRL 0.4.0 does
 * not tell its other processes that one is gone, and the next would get another place there than here. Of full models many
 * servers have room for one.
 */
export async function discard(remote: Remote, { rank }: Adapter, model: RemoteModel): Promise<void> {
  if (rank === 0) await model.unload();
  else remote.discarded.push(model);
}

/** Takes what was discarded off the server. */
export async function unloadDiscarded({ discarded }: Pick<Remote, "discarded">): Promise<void> {
  for (const model of discarded.splice(0)) await model.unload().catch(() => {});
}

export async function createRemoteModel(remote: Remote, adapter: Adapter): Promise<RemoteModel> {
  try {
    return await createOn(remote, adapter);
  } catch (cause) {
    if (remote.discarded.length === 0) throw cause;
    await unloadDiscarded(remote);
    return createOn(remote, adapter);
  }
}

async function createOn(remote: Remote, { model, rank, seed }: Adapter): Promise<RemoteModel> {
  const { connection, session, timeout } = remote;
  const created = await json(remote, "create_model", {
    session_id: session,
    model_seq_id: remote.modelSeq++,
    base_model: model,
    lora_config: { rank, seed, train_unembed: true, train_mlp: true, train_attn: true },
    type: "create_model",
  });
  const id = read(() => textOf(created.model_id, "model_id"));
  if (remote.ids.has(id)) {
    throw new RrrError("model-failed", `the server gives two models the id ${JSON.stringify(id)}`);
  }
  remote.ids.add(id);
  const info = jsonOf(await connection.post("get_info", { model_id: id, type: "get_info" }), "get_info");
  let seq = 1;
  let last: Promise<unknown> = Promise.resolve();

  /** One after another; a number that no request got is the next one's. */
  function inTurn<Result>(work: (seq: number) => Promise<Result>): Promise<Result> {
    const result = last.then(async () => {
      const done = await work(seq);
      seq++;
      return done;
    });
    last = result.catch((error) => {
      // What was refused before it had its turn did not use its number; what failed in its turn did.
      if (statusOf(error) === undefined) seq++;
    });
    return result;
  }

  const pathOf = (answer: Json): string => {
    const { path } = answer;
    if (typeof path === "string" && path.startsWith("tinker://")) return path;
    throw new RrrError(
      "model-failed",
      `the server saved weights to ${JSON.stringify(path)}, no tinker://… path`,
    );
  };

  /** A save whose name is taken was done by a submission whose answer was lost: another name and number are free. */
  const saving = (path: string, prefix: string): Promise<string> =>
    inTurn(async (first) => {
      const save = (number: number): Promise<Json> =>
        json(remote, path, { model_id: id, path: `${prefix}${number}`, seq_id: number, type: path });
      try {
        return pathOf(await save(first));
      } catch (error) {
        if (statusOf(error) !== 409) throw error;
        seq++;
        return pathOf(await save(first + 1));
      }
    });

  return {
    id,
    info,
    forwardBackward: (data, loss, forwardOnly) =>
      inTurn((seqId) =>
        forwardBackward(remote, { modelId: id, seqId, data, loss, lossConfig: {}, forwardOnly }),
      ),
    optimStep: (adam) =>
      inTurn(async (seq_id) => {
        const adam_params = {
          learning_rate: adam.learningRate,
          beta1: adam.beta1,
          beta2: adam.beta2,
          eps: adam.epsilon,
          weight_decay: adam.weightDecay,
          grad_clip_norm: adam.maxGradNorm,
        };
        const { metrics } = await json(remote, "optim_step", {
          model_id: id,
          adam_params,
          seq_id,
          type: "optim_step",
        });
        return typeof metrics === "object" && metrics !== null ? (metrics as Json) : {};
      }),
    saveForSampler: () => saving("save_weights_for_sampler", "w"),
    save: () => saving("save_weights", `rrr-${crypto.randomUUID().slice(0, 8)}-`),
    load: (path) =>
      inTurn(async (seq_id) => {
        await json(remote, "load_weights", {
          model_id: id,
          path,
          optimizer: true,
          seq_id,
          type: "load_weights",
        });
      }),
    async unload() {
      await last;
      remote.ids.delete(id);
      const reply = await connection.tell("unload_model", { model_id: id, type: "unload_model" });
      if (reply.status === 404) return;
      const { request_id } = jsonOf(reply, "unload_model");
      if (typeof request_id !== "string") return;
      await connection.tell("retrieve_future", { request_id, allow_metadata_only: false });
    },
  };

  async function json(remote: Remote, path: string, body: object): Promise<Json> {
    const answer = await resultOf(remote.connection, path, body, timeout);
    if (answer.kind === "json") return answer.body;
    throw new RrrError("model-failed", `the server answers ${path} with protobuf, where JSON is expected`);
  }
}

async function forwardBackward(
  remote: Remote,
  request: ForwardBackwardRequest,
): Promise<ForwardBackwardOutput> {
  const { connection, timeout } = remote;
  const inJson = (): Promise<Answer> =>
    resultOf(
      connection,
      request.forwardOnly ? "forward" : "forward_backward",
      forwardBackwardToJson(request),
      timeout,
    );
  const inProtobuf = (): Promise<Answer> =>
    resultOf(connection, "forward_backward", encodeForwardBackwardRequest(request), timeout);
  const answer = remote.dialect === "json" ? inJson() : inProtobuf();
  const found = await answer.catch((error) => {
    // The server cannot read it: it is of the era of JSON.
    if (remote.dialect !== "auto" || ![400, 404, 415, 422, 500].includes(statusOf(error) ?? 0)) throw error;
    remote.dialect = "json";
    return inJson();
  });
  if (remote.dialect === "auto") remote.dialect = "protobuf";
  const output = read(() =>
    found.kind === "json" ? outputFromJson(found.body) : decodeForwardBackwardOutput(found.bytes),
  );
  if (!request.forwardOnly || output.outputs.length === request.data.length) return output;
  const counts = `${output.outputs.length} results for ${request.data.length} datums`;
  throw new RrrError("model-failed", `the server gives ${counts}`);
}

/** One sample from weights by their path. @throws RrrError `aborted` */
export async function sampleFrom(
  { connection, timeout }: Remote,
  request: object,
  signal: AbortSignal | undefined,
): Promise<SampleResponse> {
  const answer = await resultOf(connection, "asample", request, timeout, signal);
  return read(() =>
    answer.kind === "json" ? sampleFromJson(answer.body) : decodeSampleResponse(answer.bytes),
  );
}
