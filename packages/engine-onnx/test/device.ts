import { AutodiffError, createDeviceMemory, type DeviceMemory } from "@rrr/autodiff";

const opened: DeviceMemory | AutodiffError = await createDeviceMemory().catch((error: unknown) => {
  // scripts/ci/webgpu.mjs has found a device: what is left out then is a mistake.
  const mayMiss = process.env.RRR_REQUIRE_WEBGPU === undefined;
  if (mayMiss && AutodiffError.is(error, "device-missing")) return error;
  throw error;
});

/** Whether there is no GPU here. */
export const isMissing: boolean = AutodiffError.is(opened);
if (AutodiffError.is(opened)) console.warn(`NOT RUN on webgpu: ${opened.message}`);

/** Of the GPU. As long as it is open the device is, and what was compiled for one engine is there for the next. */
export const memory = opened as DeviceMemory;
