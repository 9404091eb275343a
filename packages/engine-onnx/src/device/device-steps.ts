import { createSession, type DeviceMemory, type Results, type SessionOptions } from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import type { ParameterShapes } from "../decoder/parameters.ts";
import type { StepPart, StepSession } from "../sample/sampler.ts";
import { createDeviceKvCache } from "./device-kv-cache.ts";
import { deviceStepGraph } from "./device-step-graph.ts";

/** Sampling with its cache on a device. */
export interface DeviceSteps extends StepPart {
  close(): Promise<void>;
}

export function createDeviceSteps(
  config: DecoderConfig,
  parameters: ParameterShapes,
  memory: DeviceMemory,
  options: SessionOptions,
): DeviceSteps {
  const cache = createDeviceKvCache(config, memory, options);
  return {
    cache,
    async open(shape) {
      const graph = deviceStepGraph(config, parameters, shape);
      const session = await createSession(graph.outputs, { ...options, resident: graph.cache });
      let into: Partial<Results<typeof graph.outputs>> = {};
      const run: StepSession["run"] = async ({ positions, ...feeds }) => {
        const keep = await cache.prepare();
        const past = Object.fromEntries(
          Object.entries(keep).map(([name, tensor]) => [`past ${name}`, tensor]),
        );
        const places = Int32Array.from(positions as BigInt64Array, Number);
        into = await session.run({ ...feeds, ...past, positions, places } as never, { into, keep });
        return into;
      };
      return { run, close: () => session.close() };
    },
    close: () => cache.close(),
  };
}
