import type { DeviceMemory, Resident } from "@rrr/autodiff";
import { type Layout, views } from "@rrr/trainer/local";

/** Tensors on a device, one for each of a layout's. */
export type DeviceArrays = ReadonlyMap<string, Resident<"float32">>;

/** All zeros. */
export function holdZeros(memory: DeviceMemory, layout: Layout): DeviceArrays {
  return new Map([...layout.placements].map(([name, { shape }]) => [name, memory.hold("float32", shape)]));
}

/** From the device into the array. */
export async function readInto(
  memory: DeviceMemory,
  layout: Layout,
  arrays: DeviceArrays,
  flat: Float32Array,
): Promise<void> {
  for (const [name, { data }] of views(layout, flat)) {
    await memory.read(arrays.get(name) as Resident<"float32">, data);
  }
}

/** From the array to the device, when they are next used; the array may change at once. */
export function writeFrom(
  memory: DeviceMemory,
  layout: Layout,
  arrays: DeviceArrays,
  flat: Float32Array,
): void {
  for (const [name, { data }] of views(layout, flat)) {
    memory.write(arrays.get(name) as Resident<"float32">, data.slice());
  }
}
