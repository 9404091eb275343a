import { AutodiffError } from "../errors.ts";
import { type Runtime, textOf } from "../runtime.ts";

/** Where a graph can be computed. */
export type Device = "cpu" | "webgpu";

/** @throws device-missing where this build of onnxruntime-node has no WebGPU */
export function checkProvider({ listSupportedBackends }: Pick<Runtime, "listSupportedBackends">): void {
  const known = listSupportedBackends().map(({ name }) => name);
  if (known.includes("webgpu")) return;
  throw new AutodiffError(
    "device-missing",
    `onnxruntime-node has no WebGPU on ${process.platform} ${process.arch}, only ${known.join(", ")}`,
    {
      hint: "compute on the CPU; WebGPU is in its builds for Linux on x64, for Windows and for macOS on arm64",
    },
  );
}

/** That there is no GPU is no mistake in a graph. */
export function adapterMissing(cause: unknown): AutodiffError | undefined {
  if (!/WebGPU (adapter|device)/.test(textOf(cause))) return undefined;
  const onLinux = "see that Vulkan's loader (libvulkan.so.1) and the GPU's driver for it are installed";
  return new AutodiffError("device-missing", "no GPU was found that WebGPU can use", {
    cause,
    hint: `${process.platform === "linux" ? onLinux : "see that the GPU's driver is installed"}, or compute on the CPU`,
  });
}
