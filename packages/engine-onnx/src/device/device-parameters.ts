import type { DeviceMemory, Resident } from "@rrr/autodiff";
import type { Parameters } from "../decoder/parameters.ts";
import type { DeviceArrays } from "./device-arrays.ts";

/** A model's parameters on a device: all that graphs are fed is there, also what is frozen. */
export interface DeviceParameters extends Parameters {
  readonly feeds: Readonly<Record<string, Resident<"float32">>>;
  /** What is trained, by the names of `inputs`. */
  readonly weights: DeviceArrays;
}

/** They are carried there when they are first fed. `parameters.values` is what is trained, as it was then. */
export function deviceParameters(parameters: Parameters, memory: DeviceMemory): DeviceParameters {
  const { shapes, inputs } = parameters;
  const hold = (name: string, data: Float32Array): Resident<"float32"> =>
    memory.hold("float32", shapes.get(name) ?? [data.length], data);
  const feeds = Object.fromEntries(
    Object.entries(parameters.feeds).map(([name, data]) => [name, hold(name, data as Float32Array)]),
  );
  const names = [...inputs.placements.keys()];
  return {
    ...parameters,
    feeds,
    weights: new Map(names.map((name) => [name, feeds[name] as Resident<"float32">])),
  };
}
