/** Models that clients train come to be: with a model's own weights, or with those of a checkpoint. */
import { type Json, numberOf, objectOf, textOf } from "@rrr/tinker-protocol";
import { Refusal } from "../http/refusal.ts";
import { type Call, json, once, pending } from "./call.ts";
import { parsePath } from "./checkpoints.ts";
import type { ServedModel } from "./served.ts";
import type { Service } from "./service.ts";

export const createModel: Call = (service, body, fingerprint) => {
  checkOptimizer(body);
  const served = service.served(textOf(body.base_model, "base_model"));
  const lora = objectOf(body.lora_config ?? {}, "lora_config");
  const rank = served.trains === "lora" ? numberOf(lora.rank ?? 32, "lora_config.rank") : 0;
  const seed = numberOf(lora.seed ?? 0, "lora_config.seed");
  if (!Number.isInteger(rank) || rank < 0) throw new Refusal(400, `lora_config.rank is ${rank}`);
  for (const part of ["train_mlp", "train_attn"]) {
    if (served.trains === "lora" && lora[part] === false) {
      throw new Refusal(400, `lora_config.${part} is false; adapters of this server have both`);
    }
  }
  return newModel(service, body, fingerprint, async (create) => {
    const model = create(served, { rank, seed });
    try {
      await model.ready();
    } catch (error) {
      // It would take the place of another.
      await service.unload(model.id);
      throw error;
    }
    return { model_id: model.id, base_model: served.name, ...metadata(served, rank) };
  });
};

const MOST_NUMBER = 999_999_999;

/** A model that begins with a checkpoint: `load_weights` without a model. */
export const createFromCheckpoint: Call = (service, body, fingerprint) => {
  checkOptimizer(body);
  const path = textOf(body.path, "path");
  const ref = parsePath(path);
  return newModel(service, body, fingerprint, async (create) => {
    const { info } = await service.checkpoints.find(ref);
    if ((body.base_model ?? info.baseModel) !== info.baseModel) {
      throw new Refusal(400, `${path} is of ${info.baseModel}, not of ${body.base_model}`);
    }
    const model = create(service.served(info.baseModel), { rank: info.rank, seed: 0 });
    try {
      await model.load(ref);
    } catch (error) {
      await service.unload(model.id);
      throw error;
    }
    return { model_id: model.id, path, type: "load_weights" };
  });
};

/** Makes a model of a session once, however often its number comes. */
function newModel(
  service: Service,
  body: Json,
  fingerprint: string,
  make: (
    create: (served: ServedModel, adapter: { rank: number; seed: number }) => ReturnType<Service["create"]>,
  ) => Promise<object>,
): Json {
  const session = textOf(body.session_id, "session_id");
  if (!service.sessions.beat(session))
    throw new Refusal(404, `there is no session ${JSON.stringify(session)}`);
  const { model_seq_id } = body;
  const number = model_seq_id === undefined || model_seq_id === null ? undefined : numberIn(model_seq_id);
  const id = once(service, `model/${session}/${model_seq_id}`, model_seq_id, fingerprint, () =>
    service.futures.add(
      make((served, adapter) => service.create(session, number, served, adapter)).then(json),
    ),
  );
  return pending(id);
}

/** It becomes a part of the model's id, and of its checkpoints' paths. */
function numberIn(value: unknown): number {
  const number = numberOf(value, "model_seq_id");
  if (Number.isInteger(number) && number >= 0 && number <= MOST_NUMBER) return number;
  throw new Refusal(400, `model_seq_id is ${number}, not a whole number from 0 to ${MOST_NUMBER}`);
}

function checkOptimizer({ optimizer_config }: Json): void {
  const { type = "adamw" } = objectOf(optimizer_config ?? {}, "optimizer_config");
  if (type !== "adamw") throw new Refusal(400, `the optimizer is ${type}; this server has adamw`);
}

/** Whatever a client asks for; its first weights are the same for every seed. */
const ADAPTED = { seed: null, train_mlp: true, train_attn: true, train_unembed: false } as const;

/** What is trained, said with every model: a client that asked for an adapter and got all weights must be able to see it. */
export function metadata(served: ServedModel, rank: number): Json {
  const isLora = served.trains === "lora" && rank > 0;
  return isLora
    ? { is_lora: true, lora_rank: rank, lora_config: { rank, ...ADAPTED } }
    : { is_lora: false, lora_rank: null, lora_config: null, trains: "full" };
}
