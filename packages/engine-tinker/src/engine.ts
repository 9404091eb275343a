import { RrrError } from "@rrr/core";
import { checkCapabilities, type Engine, type EngineCapabilities, lossOf } from "@rrr/trainer";
import { adamSettings, checkAdam } from "@rrr/trainer/local";
import { carried, type Differentiated } from "./carrier.ts";
import { checkData, checkSample } from "./check-data.ts";
import { checkpointPath, createPolicyModel, type PolicyModel } from "./policy-model.ts";
import { findSampling, gradNormOf, probeDatum } from "./probe.ts";
import { createSampler } from "./sampler.ts";
import { openServer, type Server } from "./server.ts";
import type { TinkerEngineSettings } from "./settings.ts";
import { exportArchive } from "./weights/export.ts";
import { aborted } from "./wire/connection.ts";

/**
 * A model on a server that speaks the Tinker protocol. The loss is computed here, from the log-probabilities that the
 * server gives, and carried back as advantages: so it is the same whatever the server's own losses are.
 *
 * Until `optimStep` nothing of a gradient leaves this program, so that a failed call leaves no half of it anywhere.
 * @throws RrrError `bad-argument`, `bad-model`; `model-failed` where the server does not answer
 * @see https://tinker-docs.thinkingmachines.ai
 */
export async function createTinkerEngine(settings: TinkerEngineSettings): Promise<Engine> {
  const server = await openServer(settings);
  try {
    const policy = await createPolicyModel(server);
    return await engineOn(server, policy, settings).catch(async (error) => {
      await policy.close();
      throw error;
    });
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function engineOn(
  server: Server,
  policy: PolicyModel,
  { tokenizer, folder }: TinkerEngineSettings,
): Promise<Engine> {
  const { connection, remote, bounds, reduction, profile, adapter } = server;
  const sampler = createSampler(remote, tokenizer, bounds, profile.exactSeeds);
  let pending: Differentiated[] = [];
  /** The server may have a part of a step. */
  let isTorn = false;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  /** One after another: calls share the gradient and the weights. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(() => {
      checkOpen();
      return work();
    });
    last = result.catch(() => undefined);
    return result;
  };
  const checkOpen = (): void => {
    if (isClosed) throw new RrrError("aborted", "the engine is closed");
  };
  const checkWhole = (): void => {
    if (!isTorn) return;
    throw new RrrError(
      "model-failed",
      "a step failed half-way, and the server may have a part of its gradient",
      {
        hint: "Load the newest checkpoint: `rrr resume` does.",
      },
    );
  };
  const sample: Engine["sample"] = async (prompt, options) => {
    checkOpen();
    checkSample(bounds, prompt, options);
    if (options.signal?.aborted) throw aborted();
    return sampler.sample(await policy.samplerPath(), prompt, options);
  };

  const found = await findSampling(
    sample,
    async (datum) => (await policy.score([datum]))[0] ?? new Float32Array(0),
    probeDatum(tokenizer),
  );
  connection.trust();
  const { is_lora } = policy.model.info;
  const capabilities: EngineCapabilities = {
    trains: is_lora === false || adapter.rank === 0 ? "full" : "lora",
    fixed: profile.fixed,
    normalizations: ["grpo", "dapo", "dr_grpo"],
    surrogates: ["ppo", "gspo", "cispo"],
    ...found,
    state: "address",
  };
  const name = "tinker";
  return {
    name,
    capabilities,
    tokenizer,
    contextLength: bounds.contextLength,
    sample,
    forward: (data) =>
      inTurn(async () => {
        checkData(bounds, data);
        return policy.score(data);
      }),
    forwardBackward: (data, loss) =>
      inTurn(async () => {
        checkData(bounds, data, loss);
        checkWhole();
        const now = await policy.score(data);
        const { report, slopes } = lossOf(loss, data, now);
        if (!Number.isFinite(report.loss) || !slopes.every((row) => row.every(Number.isFinite))) {
          throw new RrrError("diverged", `the loss is ${report.loss}`, {
            hint: "A lower learning rate may help. Nothing of it reached the server.",
          });
        }
        const added = data.map((datum, i) => ({
          datum,
          now: now[i] as Float32Array,
          slopes: slopes[i] as Float64Array,
        }));
        pending.push(...added);
        return report;
      }),
    optimStep: (adam) =>
      inTurn(async () => {
        checkWhole();
        checkAdam(adam);
        checkCapabilities({ name, capabilities }, adam);
        // Where a step does not say them, they are those of the contract, not of the protocol.
        const step = adamSettings({ ...profile.fixed, ...adam });
        const data = carried(pending, reduction);
        pending = [];
        isTorn = true;
        await policy.carry(data);
        const gradNorm = gradNormOf(await policy.model.optimStep(step));
        isTorn = false;
        policy.moved();
        if (gradNorm !== undefined && !(gradNorm >= 0 && gradNorm < Number.POSITIVE_INFINITY)) {
          throw new RrrError("diverged", `the gradient's norm is ${gradNorm}`);
        }
        // Not every server tells it.
        return { gradNorm: gradNorm ?? Number.NaN };
      }),
    saveState: () => inTurn(async () => ({ kind: "address", address: await policy.save() })),
    loadState: (state) =>
      inTurn(async () => {
        await policy.load(state);
        pending = [];
        isTorn = false;
      }),
    exportModel: (dir) =>
      inTurn(async () => {
        const checkpoint = checkpointPath(await policy.samplerPath(), "");
        return exportArchive(await connection.download(`${checkpoint}/archive`), folder, dir);
      }),
    weightsVersion: () => inTurn(async () => policy.version),
    waitsFor: connection.waitsFor,
    async close() {
      await last;
      if (isClosed) return;
      isClosed = true;
      await policy.close();
      await server.close();
    },
  };
}
