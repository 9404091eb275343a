import { createHash } from "node:crypto";
import { RrrError } from "@rrr/core";
import type { ForwardBackwardOutput } from "@rrr/tinker-protocol";
import type { Datum, Stored } from "@rrr/trainer";
import { CARRIER, type Carried, ofTargets, toWire } from "./carrier.ts";
import { inBatches } from "./in-batches.ts";
import { targetsOf } from "./scores.ts";
import type { Server } from "./server.ts";
import { parseAddress, toAddress } from "./weights/address.ts";
import { jsonOf, statusOf } from "./wire/futures.ts";
import { createRemoteModel, discard, type RemoteModel } from "./wire/remote-model.ts";

/** The model in training on the server, another one after each `load`, and what its weights are called. */
export interface PolicyModel {
  readonly model: RemoteModel;
  readonly version: string;
  score(data: readonly Datum[]): Promise<readonly Float32Array[]>;
  /**
   * Adds to the gradient what is carried.
   * @throws RrrError `model-failed` where the weights are others than those that were scored
   */
  carry(data: readonly Carried[]): Promise<void>;
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
    if (saved === before) {
      throw new RrrError("model-failed", `the server saved other weights under the same path, ${saved}`);
    }
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
      for (const batch of inBatches(data.map((datum) => ({ wire: toWire(datum) })))) {
        const { outputs } = await model.forwardBackward(
          batch.map(({ wire }) => wire),
          "cross_entropy",
          true,
        );
        for (const [i] of batch.entries())
          rows.push(targetsOf(data[rows.length] as Datum, outputs[i]?.logprobs));
      }
      return rows;
    },
    async carry(data) {
      for (const batch of inBatches(data)) {
        const { outputs } = await model.forwardBackward(
          batch.map(({ wire }) => wire),
          CARRIER,
          false,
        );
        const apart = apartOf(batch, outputs);
        if (!(apart > MOST_APART)) continue;
        throw new RrrError(
          "model-failed",
          `the server's weights are not those that it scored: log-probabilities moved by ${apart.toFixed(2)} nats`,
          { hint: "Does another program train this model, or does the server mix up its models?" },
        );
      }
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

/**
 * How far log-probabilities of the same tokens may be apart within one step, in the mean: what half precision and another
 * batch make of them is a tenth of that.
 */
const MOST_APART = 0.25;

/** Mean distance from what was scored, where the server tells: its ratio is then not the 1 that the gradient was made for. */
function apartOf(batch: readonly Carried[], outputs: ForwardBackwardOutput["outputs"]): number {
  let [sum, count] = [0, 0];
  for (const [i, { datum, now }] of batch.entries()) {
    const given = outputs[i]?.logprobs;
    const row = given && ofTargets(datum, given);
    for (const [t, logprob] of (row ?? []).entries()) {
      sum += Math.abs(logprob - (now[t] as number));
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}
