import type { InferenceSession } from "onnxruntime-node";
import { AutodiffError } from "./errors.ts";
import { type OnnxOptions, toOnnx } from "./onnx/model.ts";
import { loadRuntime, textOf } from "./runtime.ts";
import type { AnyTensor } from "./tensor.ts";
import { lowered } from "./webgpu/lower.ts";
import { adapterMissing, checkProvider, type Device } from "./webgpu/provider.ts";

export interface SessionOptions {
  /** Threads within an operation; 0 (default) = one per core. */
  readonly threads?: number;
  /** Threads wait for work by spinning: faster between operations, at the cost of other processes. Default true. */
  readonly spinning?: boolean;
  /**
   * Keep the memory of tensors for the next run: faster, and the graph holds it until it is closed. Without, it goes back
   * to the system. Default true.
   */
  readonly arena?: boolean;
  /** Where it is computed: `webgpu` is a GPU, through Vulkan, Direct3D 12 or Metal. Default `cpu`. */
  readonly device?: Device;
  /** Operators that the device lacks are computed on the CPU. Without, a graph that has some is refused. Default true. */
  readonly fallback?: boolean;
}

export interface NativeOptions extends OnnxOptions {
  /** Names of outputs that stay on the device. */
  readonly resident?: readonly string[];
}

/**
 * Compiles what the outputs need.
 * @throws runtime-missing, runtime-failed, device-missing, bad-argument
 */
export async function openNative(
  outputs: Readonly<Record<string, AnyTensor>>,
  options: SessionOptions,
  { resident = [], ...onnx }: NativeOptions = {},
): Promise<InferenceSession> {
  const { threads = 0, spinning = true, arena = true, device = "cpu", fallback = true } = options;
  if (!Number.isInteger(threads) || threads < 0) {
    throw new AutodiffError("bad-argument", `createSession: threads is ${threads}`);
  }
  const runtime = await loadRuntime();
  const common: InferenceSession.SessionOptions = {
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // Planning memory ahead keeps the memory of the first, unplanned run as well: 900 MB against 550 MB for a
    // training step whose time it does not change.
    enableMemPattern: false,
    enableCpuMemArena: arena,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        intra_op: { allow_spinning: spinning ? "1" : "0" },
        ...(device === "cpu" || fallback ? {} : { disable_cpu_ep_fallback: "1" }),
      },
    },
  };
  if (device === "cpu") return create(runtime, toOnnx(outputs, onnx), common);
  checkProvider(runtime);
  return create(runtime, toOnnx(lowered(outputs), onnx), {
    ...common,
    executionProviders: ["webgpu"],
    preferredOutputLocation: Object.fromEntries(
      Object.keys(outputs).map((name) => [name, resident.includes(name) ? "gpu-buffer" : "cpu"]),
    ),
  });
}

async function create(
  { InferenceSession }: Awaited<ReturnType<typeof loadRuntime>>,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, options);
  } catch (cause) {
    throw (
      adapterMissing(cause) ??
      new AutodiffError("runtime-failed", `onnxruntime refused the graph: ${textOf(cause)}`, { cause })
    );
  }
}
