/** What a lane's thread runs: a sampler and a batch runner over its own copy of the model. Started by `startLane`. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { messageOf, RrrError } from "@rrr/core";
import { fullParameters, loraParameters } from "../decoder/parameters.ts";
import { createBatchRunner, type GradientHolder } from "../learn/batch-runner.ts";
import { rethrow } from "../rrr-error.ts";
import { createSampler } from "../sample/sampler.ts";
import { haltWhenAsked } from "./halt.ts";
import type { LaneCall, LaneData, LaneMessage, LaneReply } from "./messages.ts";

const port = parentPort as MessagePort;
const { config, weights, adapter, options, graphs, signs } = workerData as LaneData;
void haltWhenAsked(signs);
const parameters =
  adapter === undefined ? fullParameters(config, weights) : loraParameters(config, weights, adapter);
const sampler = createSampler(config, parameters, options);
const gradients = createHolder(parameters.trained.size);
const runner = createBatchRunner(config, parameters, gradients, { ...options, graphs });
const sampling = new Map<number, AbortController>();

port.on("message", ({ id, call }: LaneMessage) => {
  if (call === "abort") sampling.get(id)?.abort();
  else void reply(id, call);
});

async function reply(id: number, call: LaneCall): Promise<void> {
  const send = (result: Omit<LaneReply, "id">, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage({ id, ...result } satisfies LaneReply, transfer);
  try {
    const answer = await answerTo(id, call).catch(rethrow);
    // As large as the model, and of no use here any more.
    const isOwn = call.kind === "take-gradient" && answer instanceof Float32Array;
    send({ answer }, isOwn ? [answer.buffer as ArrayBuffer] : []);
  } catch (error) {
    const code = RrrError.is(error) ? error.code : "runtime-failed";
    send({ error: { code, message: messageOf(error), hint: RrrError.is(error) ? error.hint : undefined } });
  } finally {
    if (call.kind === "close") port.close();
  }
}

async function answerTo(id: number, call: LaneCall): Promise<unknown> {
  switch (call.kind) {
    case "sample": {
      const controller = new AbortController();
      sampling.set(id, controller);
      const options = { ...call.options, signal: controller.signal };
      return sampler.sample(call.prompt, options).finally(() => sampling.delete(id));
    }
    case "score":
      return runner.score(call.batch, call.values);
    case "differentiate":
      return runner.differentiate(call.batch, call.perToken, call.loss);
    case "take-gradient":
      return gradients.take();
    case "adopt":
      parameters.values.set(call.values);
      sampler.forget();
      return undefined;
    case "close":
      await Promise.all([sampler.close(), runner.close()]);
      return undefined;
  }
}

/** Adds up gradients until they are taken. */
function createHolder(size: number): GradientHolder & { take(): Float32Array | undefined } {
  let gradient: Float32Array = new Float32Array(size);
  let isEmpty = true;
  return {
    get gradient() {
      return gradient;
    },
    adopt(sum) {
      gradient = sum;
      isEmpty = false;
    },
    take() {
      if (isEmpty) return undefined;
      const taken = gradient.slice();
      gradient.fill(0);
      isEmpty = true;
      return taken;
    },
  };
}
