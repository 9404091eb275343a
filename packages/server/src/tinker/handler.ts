import { messageOf } from "@rrr/core";
import {
  decodeForwardBackwardRequest,
  forwardBackwardFromJson,
  type Json,
  objectOf,
  textOf,
} from "@rrr/tinker-protocol";
import { authorize } from "../http/authorize.ts";
import { pathParts } from "../http/path-parts.ts";
import { readBody } from "../http/read-body.ts";
import { readJson } from "../http/read-json.ts";
import { Refusal } from "../http/refusal.ts";
import { archiveOf } from "./archive.ts";
import { type Call, fingerprintOf } from "./call.ts";
import * as calls from "./calls.ts";
import { type CheckpointKind, checkModelId, checkName, parsePath } from "./checkpoints.ts";
import { createModel, metadata } from "./create-model.ts";
import type { Result } from "./futures.ts";
import type { TinkerSettings } from "./served.ts";
import { createService, type Service } from "./service.ts";

/** The protocol as a function of the fetch API: for any server that speaks it. */
export interface TinkerHandler {
  handle(request: Request): Promise<Response>;
  /** Ends what was started, engines included. */
  close(): Promise<void>;
}

const PROTOBUF = "application/x-protobuf";
const CALLS: Readonly<Record<string, Call>> = {
  create_model: createModel,
  optim_step: calls.optimStep,
  save_weights: calls.saveWeights,
  save_weights_for_sampler: calls.saveForSampler,
  load_weights: calls.loadWeights,
  unload_model: calls.unloadModel,
  asample: calls.asample,
};

/**
 * Engines behind the Tinker protocol. Requests come as protobuf or as JSON, results go as the client takes them.
 * @example const { handle } = createTinkerHandler({ models: [{ name: "tiny", open, … }], folder: "./checkpoints" });
 * @see https://tinker-docs.thinkingmachines.ai
 */
export function createTinkerHandler(settings: TinkerSettings): TinkerHandler {
  const service = createService(settings);
  return {
    async handle(request) {
      try {
        authorize(request, settings.token);
        const path = new URL(request.url).pathname.replace(/^\/api\/v1\//, "");
        return request.method === "POST"
          ? await post(service, path, request)
          : await get(service, request.method, pathParts(path));
      } catch (error) {
        const refusal = calls.toRefusal(error);
        const [status, detail] = refusal ? [refusal.status, refusal.message] : [500, messageOf(error)];
        return Response.json({ detail }, { status });
      }
    },
    close: service.close,
  };
}

async function post(service: Service, path: string, request: Request): Promise<Response> {
  const { maxBodyBytes, maxBatch } = service.settings;
  const bytes = await readBody(request, maxBodyBytes);
  const fingerprint = fingerprintOf(bytes);
  const isCall = path !== "retrieve_future" && path !== "session_heartbeat";
  if (isCall) service.futures.checkRoom();
  if (request.headers.get("content-type")?.startsWith(PROTOBUF)) {
    if (path !== "forward_backward") throw new Refusal(415, `${path} takes JSON`);
    const asked = decodeForwardBackwardRequest(bytes, maxBatch);
    return Response.json(calls.forwardBackward(service, asked, fingerprint));
  }
  const body = bytes.length === 0 ? {} : objectOf(readJson(bytes), "the body");
  if (path === "forward" || path === "forward_backward") {
    const asked = forwardBackwardFromJson(body, path === "forward", maxBatch);
    return Response.json(calls.forwardBackward(service, asked, fingerprint));
  }
  if (path === "retrieve_future") return retrieve(service, body, request);
  const call = Object.hasOwn(CALLS, path) ? CALLS[path] : undefined;
  return Response.json(call ? call(service, body, fingerprint) : await answer(service, path, body));
}

/** What is answered at once. */
async function answer(service: Service, path: string, body: Json): Promise<Json> {
  switch (path) {
    case "client/config":
      return { pjwt_auth_enabled: false, proto_compress_fwdbwd: false };
    case "telemetry":
      return { status: "accepted" };
    case "create_session": {
      const full = service.settings.models.filter(({ trains }) => trains === "full").map(({ name }) => name);
      const info_message =
        full.length === 0 ? null : `All weights are trained, and lora_config is not looked at: ${full}`;
      const none = { warning_message: null, error_message: null };
      return { type: "create_session", session_id: service.sessions.create(), info_message, ...none };
    }
    case "session_heartbeat": {
      const id = textOf(body.session_id, "session_id");
      if (!service.sessions.beat(id)) throw new Refusal(404, `there is no session ${JSON.stringify(id)}`);
      return { type: "session_heartbeat" };
    }
    case "get_info": {
      const { id, served, rank } = service.model(textOf(body.model_id, "model_id"));
      const model_data = {
        base_model: served.name,
        model_name: served.name,
        max_context_length: served.contextLength,
      };
      return { type: "get_info", model_id: id, model_name: id, model_data, ...metadata(served, rank) };
    }
    case "create_sampling_session": {
      const sampling_session_id = calls.newSampling(service, calls.weightsOf(service, body));
      return { type: "create_sampling_session", sampling_session_id };
    }
    case "weights_info": {
      const { info } = await service.checkpoints.find(parsePath(textOf(body.tinker_path, "tinker_path")));
      const { baseModel: base_model, rank, trains } = info;
      return { base_model, is_lora: trains === "lora" && rank > 0, lora_rank: rank };
    }
    default:
      throw new Refusal(404, `there is no ${path.slice(0, 80)}`);
  }
}

async function retrieve(service: Service, body: Json, request: Request): Promise<Response> {
  const id = textOf(body.request_id, "request_id");
  const result = service.futures.wait(id, service.settings.holdSeconds * 1000);
  if (result === undefined) throw new Refusal(404, "Future not found");
  return toResponse(await result, id, request);
}

function toResponse(result: Result | "pending", id: string, request: Request): Response {
  if (result === "pending")
    return Response.json({ type: "try_again", request_id: id, queue_state: "active" });
  if (result.kind !== "numbers") return Response.json(result.body);
  if (!request.headers.get("accept")?.includes(PROTOBUF)) return Response.json(result.json());
  return new Response(new Uint8Array(result.protobuf()), { headers: { "content-type": PROTOBUF } });
}

async function get(service: Service, method: string, path: readonly string[]): Promise<Response> {
  const [first, model = "", what, ...rest] = path;
  if (method === "GET" && first === "healthz") return Response.json({ status: "ok" });
  if (method === "GET" && first === "get_server_capabilities") return Response.json(capabilities(service));
  if (first !== "training_runs" || what !== "checkpoints")
    throw new Refusal(404, `there is no ${path.join("/").slice(0, 80)}`);
  checkModelId(model);
  if (method === "GET" && rest.length === 0) return Response.json(await listing(service, model));
  const isArchive = rest.at(-1) === "archive";
  const ref = { model, ...checkpointOf(isArchive ? rest.slice(0, -1) : rest) };
  if (method === "GET" && isArchive) {
    const stream = await service.withWeights(ref, archiveOf);
    return new Response(stream, { headers: { "content-type": "application/gzip" } });
  }
  if (method !== "DELETE") throw new Refusal(405, `${method} is not for checkpoints`);
  await service.checkpoints.remove(ref);
  return new Response(null, { status: 204 });
}

/** Without a kind it is a sampler's: archives are of those. */
function checkpointOf(path: readonly string[]): { readonly kind: CheckpointKind; readonly name: string } {
  const [kind, name] = path.length === 1 ? ["sampler_weights", path[0]] : path;
  if (path.length > 2 || (kind !== "weights" && kind !== "sampler_weights")) {
    throw new Refusal(404, `there is no checkpoint ${path.join("/").slice(0, 80)}`);
  }
  return { kind, name: checkName(name ?? "") };
}

async function listing(service: Service, model: string): Promise<Json> {
  const all = await service.checkpoints.list(model);
  return {
    checkpoints: all.map(({ kind, name, time }) => ({
      checkpoint_id: `${kind}/${name}`,
      checkpoint_type: kind === "weights" ? "training" : "sampler",
      time: time.toISOString(),
      tinker_path: `tinker://${model}/${kind}/${name}`,
    })),
  };
}

function capabilities({ settings: { models } }: Service): Json {
  const supported_models = models.map(({ name, contextLength }) => ({
    ...{ model_name: name, max_context_length: contextLength, trainable: true, sampleable: true },
  }));
  // Beyond the protocol: seeds of 32 bits mean what they mean in an engine, n samples of one call included.
  return { supported_models, rrr: { seeds: "uint32" } };
}
