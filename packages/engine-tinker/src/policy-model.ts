import { createHash } from "node:crypto";
import { RrrError } from "@rrr/core";
import type { Datum, Stored } from "@rrr/trainer";
import { ofTargets, toWire } from "./carrier.ts";
import { inBatches } from "./in-batches.ts";
import type { Server } from "./server.ts";
import { parseAddress, toAddress } from "./weights/address.ts";
import { jsonOf, statusOf } from "./wire/futures.ts";
import { createRemoteModel, discard, type RemoteModel } from "./wire/remote-model.ts";

/** The model in training on the server, another one after each `load`, and what its weights are called. */
export interface PolicyModel {
  readonly model: RemoteModel;
  readonly version: string;
  score(data: readonly Datum[]): Promise<readonly Float32Array[]>;
  /** The checkpoint to sample from: one for each version, made when the first sample asks. */
  samplerPath(): Promise<string>;
  /** After a step: the weights are others. */
  moved(): void;
  save(): Promise<string>;
  load(stored: Stored): Promise<void>;
  close(): Promise<void>;
}

export async function createPolicyModel({ connection, remote, adapter }: Server): Promise<PolicyModel> {
  let model = await createRemoteModel(remote, adapter);
  let version = `base-${createHash("sha256").update(adapter.model).digest("hex").slice(0, 16)}`;
  let path: Promise<string> | undefined;
  let older: string | undefined;

  /** Each is a copy of the weights on the server's disk. */
  async function saveForSampler(): Promise<string> {
    const saved = await model.saveForSampler();
    const before = older;
    older = saved;
    if (before !== undefined)
      await connection.delete(checkpointPath(before, "sampler_weights/")).catch(() => {});
    return saved;
  }

  async function loaded(address: string): Promise<RemoteModel> {
    const info = await connection.post("weights_info", { tinker_path: address });
    if (info.status === 200) {
      const { base_model } = jsonOf(info, "weights_info");
      if (base_model !== adapter.model) {
        throw new RrrError(
          "bad-checkpoint",
          `${address} is of ${String(base_model)}, not of ${adapter.model}`,
        );
      }
    }
    const next = await createRemoteModel(remote, adapter);
    try {
      await next.load(address);
      return next;
    } catch (cause) {
      await discard(remote, adapter, next).catch(() => {});
      throw cause;
    }
  }

  return {
    get model() {
      return model;
    },
    get version() {
      return version;
    },
    async score(data) {
      const rows: Float32Array[] = [];
      for (const batch of inBatches(data.map((datum) => toWire(datum)))) {
        const { outputs } = await model.forwardBackward(batch, "cross_entropy", true);
        for (const [i] of batch.entries())
          rows.push(targetsOf(data[rows.length] as Datum, outputs[i]?.logprobs));
      }
      return rows;
    },
    samplerPath() {
      path ??= saveForSampler().catch((error) => {
        path = undefined;
        throw error;
      });
      return path;
    },
    moved() {
      version = crypto.randomUUID();
      path = undefined;
    },
    save: async () => toAddress({ version, path: await model.save() }),
    async load(stored) {
      if (stored.kind === "folder") {
        throw new RrrError("bad-checkpoint", `the state in ${stored.path} was saved by another engine`);
      }
      const address = parseAddress(stored.address);
      const next = await loaded(address.path).catch((cause) => {
        // Without a connection the checkpoint is as good as it was.
        if (RrrError.is(cause, "bad-checkpoint") || !RrrError.is(cause, "model-failed")) throw cause;
        const known = statusOf(cause);
        throw known !== undefined || cause.message.includes("failed on the server")
          ? new RrrError("bad-checkpoint", `${address.path} cannot be loaded: ${cause.message}`, { cause })
          : cause;
      });
      await discard(remote, adapter, model);
      model = next;
      version = address.version;
      path = undefined;
      older = undefined;
    },
    async close() {
      await model.unload().catch(() => {});
    },
  };
}

/** As checkpoints are named below their model's: some servers leave the kind out of a sampler's path. */
export function checkpointPath(path: string, kind: string): string {
  const [model = "", ...rest] = path.replace("tinker://", "").split("/");
  return `training_runs/${model}/checkpoints/${rest.length === 1 ? kind : ""}${rest.join("/")}`;
}

function targetsOf(datum: Datum, given: Float32Array | undefined): Float32Array {
  const row = given && ofTargets(datum, given);
  if (row === undefined) {
    throw new RrrError("model-failed", "the server does not give a log-probability for each token");
  }
  const broken = row.find((logprob) => !Number.isFinite(logprob));
  if (broken === undefined) return row;
  throw new RrrError("diverged", `a log-probability is ${broken}`, {
    hint: "Training went too far, or the model is damaged. A lower learning rate helps against the first.",
  });
}
