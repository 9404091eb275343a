import { createDeviceMemory } from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import type { Parameters } from "../decoder/parameters.ts";
import type { Lanes } from "../lanes/open-lanes.ts";
import { createSampler, type SamplerOptions } from "../sample/sampler.ts";
import { createDeviceBatchRunner } from "./device-batch-runner.ts";
import { deviceParameters } from "./device-parameters.ts";
import { createDeviceSteps } from "./device-steps.ts";
import { createDeviceTraining, type DeviceTraining } from "./device-training.ts";

/** The one lane of an engine on a device: weights, gradient, optimiser and the cache of sampling are there. */
export interface DeviceLane extends Lanes, Pick<DeviceTraining, "optimiser" | "toHost" | "fromHost"> {
  /** What there is to say of it. */
  readonly note: string;
}

/** @throws device-missing */
export async function openDeviceLane(
  config: DecoderConfig,
  own: Parameters,
  options: SamplerOptions,
): Promise<DeviceLane> {
  const memory = await createDeviceMemory();
  const parameters = deviceParameters(own, memory);
  const { gradients, ...training } = createDeviceTraining(parameters, memory, options);
  const runner = createDeviceBatchRunner(config, parameters, gradients, options);
  const steps = createDeviceSteps(config, parameters, memory, options);
  const sampler = createSampler(config, parameters, { ...options, steps });
  return {
    ...training,
    note: "device: webgpu. Weights, gradients, optimiser and the cache of sampling are in its memory",
    sample: sampler.sample,
    learning: [runner],
    refresh: () => sampler.forget(),
    async close() {
      await Promise.all([sampler.close(), runner.close()]);
      await Promise.all([training.close(), steps.close()]);
      await memory.close();
    },
  };
}
