import {
  createSession,
  createSessionCache,
  type Resident,
  type Session,
  type SessionOptions,
  type Tensor,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import { feedsWith } from "../decoder/parameters.ts";
import { type BatchRunner, inputsOf, shapeKey } from "../learn/batch-runner.ts";
import { gradientName, scoringGraph, sumName, trainingGraph } from "../learn/scoring-graph.ts";
import type { DeviceArrays } from "./device-arrays.ts";
import type { DeviceParameters } from "./device-parameters.ts";

type Outputs = Readonly<Record<string, Tensor>>;

/** Compiled graphs kept, as on the CPU. */
const graphs = 12;

/** Computes batches on a device. @param gradients what is added to, and stays there */
export function createDeviceBatchRunner(
  config: DecoderConfig,
  parameters: DeviceParameters,
  gradients: DeviceArrays,
  options: SessionOptions,
): BatchRunner {
  const sessions = createSessionCache<Session<Outputs>>(graphs);
  const named = (nameOf: (weight: string) => string): Readonly<Record<string, Resident>> =>
    Object.fromEntries([...gradients].map(([name, tensor]) => [nameOf(name), tensor]));
  const [sums, keep] = [named(sumName), named(gradientName)];

  const open = (graph: Outputs): Promise<Session<Outputs>> => {
    const part = (isKept: boolean): Outputs =>
      Object.fromEntries(Object.entries(graph).filter(([name]) => name in keep === isKept));
    return createSession(part(false), { ...options, resident: part(true) });
  };

  return {
    async score(batch, values = parameters.values) {
      const read = values === parameters.values ? parameters.feeds : feedsWith(parameters, values);
      const session = await sessions.get(`score ${shapeKey(batch)}`, () =>
        open({ ...scoringGraph(config, parameters, batch.shape) }),
      );
      const { logprobs } = await session.run({ ...read, ...inputsOf(batch) });
      return logprobs as Float32Array;
    },
    async differentiate(batch, perToken, loss) {
      const session = await sessions.get(`${shapeKey(batch)} ${JSON.stringify(loss)}`, () =>
        open(trainingGraph(config, parameters, batch.shape, loss)),
      );
      const feeds = { ...parameters.feeds, ...inputsOf(batch), slotOf: batch.slotOf, ...perToken, ...sums };
      const {
        loss: sum,
        logprobs,
        entropies,
      } = (await session.run(feeds, { keep })) as Readonly<Record<string, Float32Array>>;
      const scores = { loss: sum?.[0] as number, logprobs: logprobs as Float32Array };
      return entropies === undefined ? scores : { ...scores, entropies };
    },
    close: () => sessions.close(),
  };
}
