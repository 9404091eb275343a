import { AutodiffError } from "./errors.ts";

/** The native runtime's module. */
export type Runtime = typeof import("onnxruntime-node");

let loading: Promise<Runtime> | undefined;

/** Loads onnxruntime-node on first use, so that building graphs works without it. @throws runtime-missing */
export function loadRuntime(): Promise<Runtime> {
  loading ??= import("onnxruntime-node").catch((cause: unknown) => {
    throw new AutodiffError("runtime-missing", `onnxruntime-node could not be loaded: ${textOf(cause)}`, {
      cause,
      hint:
        "install it again; where its postinstall script cannot download CUDA libraries, which the CPU does not " +
        "need, set ONNXRUNTIME_NODE_INSTALL=skip while installing",
    });
  });
  return loading;
}

/** The message of whatever was thrown. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
