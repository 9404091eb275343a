import { AutodiffError, createDeviceMemory } from "../src/index.ts";

/** Why nothing can be computed on a GPU here; undefined where something can. */
export const missing: string | undefined = await createDeviceMemory().then(
  (memory) => memory.close().then(() => undefined),
  (error: unknown) => {
    // scripts/ci/webgpu.mjs has found a device: what is left out then is a mistake.
    const mayMiss = process.env.RRR_REQUIRE_WEBGPU === undefined;
    if (mayMiss && AutodiffError.is(error, "device-missing")) return error.message;
    throw error;
  },
);
if (missing !== undefined) console.warn(`NOT RUN on webgpu: ${missing}`);
