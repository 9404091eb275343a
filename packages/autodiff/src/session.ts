import type { Tensor as NativeTensor } from "onnxruntime-node";
import { arrayName, holds, zeros } from "./data.ts";
import { AutodiffError } from "./errors.ts";
import { inputNames } from "./graph.ts";
import { openNative, type SessionOptions } from "./native-session.ts";
import { needed } from "./onnx/model.ts";
import { loadRuntime, type Runtime, textOf } from "./runtime.ts";
import { sameShape, show, sizeOf } from "./shape.ts";
import type { AnyTensor, DType, Tensor, TensorData } from "./tensor.ts";
import { adopt, isResident, nativeOf, type Resident, replace } from "./webgpu/device-memory.ts";

export interface DeviceOptions extends SessionOptions {
  /** Outputs that stay on the device, beside those that are returned: a run leaves them in tensors of a `DeviceMemory`. */
  readonly resident?: Readonly<Record<string, AnyTensor>>;
}

/**
 * Arrays by input name. They are read in place, not copied, and may change between runs. Sessions on a device take tensors
 * of its memory as well.
 */
export type Feeds = Readonly<Record<string, TensorData | Resident>>;

/** Arrays by output name. */
export type Results<Outputs> = {
  readonly [Name in keyof Outputs]: Outputs[Name] extends Tensor<infer D extends DType>
    ? TensorData<D>
    : never;
};

export interface RunOptions<Outputs> {
  /** Arrays for outputs to be written into, in place of new ones. */
  readonly into?: Partial<Results<Outputs>>;
  /** Tensors on the device for the outputs that stay there, one each; they may be fed to the same run. */
  readonly keep?: Readonly<Record<string, Resident>>;
}

/** A compiled graph; it holds native memory until it is closed. */
export interface Session<Outputs> {
  /**
   * Computes the outputs from one array per input. The event loop stands still meanwhile.
   * @throws bad-feed, runtime-failed, closed
   */
  run(feeds: Feeds, options?: RunOptions<Outputs>): Promise<Results<Outputs>>;
  /** Frees the native memory, after runs in progress. */
  close(): Promise<void>;
}

/**
 * Compiles what the named outputs need of a graph; other inputs of the graph may be fed, and are not looked at.
 * @throws runtime-missing, runtime-failed, device-missing, bad-argument
 */
export async function createSession<const Outputs extends Readonly<Record<string, AnyTensor>>>(
  outputs: Outputs,
  { resident = {}, ...options }: DeviceOptions = {},
): Promise<Session<Outputs>> {
  const all = { ...resident, ...outputs };
  checkResident(outputs, resident, options);
  const native = await openNative(all, options, { resident: Object.keys(resident) });
  const inputs = new Map(needed(Object.values(all)).inputs.map(({ name, tensor }) => [name, tensor]));
  const [first] = Object.values(all);
  const declared = first === undefined ? new Set<string>() : inputNames(first.graph);
  const bind = createBinder(await loadRuntime());
  /** What runs have left on the device. */
  const made = new Set<Resident>();
  let pending: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  const feed = (name: string, tensor: AnyTensor, given: TensorData | Resident | undefined) => {
    if (!isResident(given)) return bind("input", name, tensor, given);
    checkPlace("input", name, tensor, given);
    if (options.device === "webgpu") return nativeOf(given);
    throw new AutodiffError(
      "bad-feed",
      `run: the input "${name}" is on a device, and the session on the CPU`,
    );
  };

  const run = async (
    feeds: Feeds,
    into: Readonly<Record<string, TensorData>>,
    keep: Readonly<Record<string, Resident>>,
  ): Promise<Results<Outputs>> => {
    checkNames("input", feeds, declared);
    checkNames("output", into, new Set(Object.keys(outputs)));
    checkNames("output", keep, new Set(Object.keys(resident)));
    const fed: Record<string, NativeTensor> = {};
    for (const [name, tensor] of inputs) {
      const bound = feed(name, tensor, feeds[name]);
      fed[name] = bound instanceof Promise ? await bound : bound;
    }
    const results: Record<string, TensorData> = {};
    const fetched: Record<string, NativeTensor | null> = {};
    for (const [name, tensor] of Object.entries(outputs)) {
      const data = into[name] ?? zeros(tensor.dtype, sizeOf(tensor.shape));
      results[name] = data;
      fetched[name] = bind("output", name, tensor, data);
    }
    for (const [name, tensor] of Object.entries(resident)) {
      checkPlace("output", name, tensor, keep[name]);
      fetched[name] = null;
    }
    try {
      const found = await native.run(fed, fetched);
      if (options.device === "webgpu") {
        // There the runtime takes no notice of the arrays that it is given for outputs.
        for (const [name, data] of Object.entries(results)) {
          (data as Float32Array).set(found[name]?.data as Float32Array);
        }
        for (const [name, tensor] of Object.entries(keep)) replace(tensor, found[name] as NativeTensor, made);
      }
    } catch (cause) {
      throw new AutodiffError("runtime-failed", `onnxruntime failed to run the graph: ${textOf(cause)}`, {
        cause,
      });
    }
    return results as Results<Outputs>;
  };

  return {
    run: async (feeds, { into = {}, keep = {} } = {}) => {
      if (closing !== undefined) throw new AutodiffError("closed", "run: the session was closed");
      const result = run(feeds, into as Readonly<Record<string, TensorData>>, keep);
      // Only that they ended: kept values would be a chain of all results there ever were.
      pending = Promise.allSettled([pending, result]).then(() => undefined);
      return result;
    },
    close: () => {
      closing ??= pending.then(() => adopt(made)).then(() => native.release());
      return closing;
    },
  };
}

/**
 * Wraps arrays for the runtime, each once as long as it lives: weights are the same on every run. It keeps none of
 * them alive, or every compiled graph would hold the last arrays that it saw.
 */
function createBinder(
  runtime: Runtime,
): (role: "input" | "output", name: string, type: AnyTensor, data: TensorData | undefined) => NativeTensor {
  const bound = new WeakMap<TensorData, { readonly type: AnyTensor; readonly native: NativeTensor }>();
  return (role, name, type, data) => {
    if (data === undefined)
      throw new AutodiffError("bad-feed", `run: the input "${name}", ${show(type)}, is missing`);
    const known = bound.get(data);
    if (known?.type === type) return known.native;
    if (!holds(data, type.dtype) || data.length !== sizeOf(type.shape)) {
      throw new AutodiffError(
        "bad-feed",
        `run: the ${role} "${name}" is ${show(type)}: it takes ${arrayName(type.dtype)} of ${sizeOf(type.shape)} ` +
          `elements, got ${(data as object).constructor.name} of ${(data as TensorData).length}`,
      );
    }
    const native = new runtime.Tensor(type.dtype, data as Float32Array, type.shape);
    bound.set(data, { type, native });
    return native;
  };
}

function checkNames(role: string, given: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(given)) {
    if (known.has(name)) continue;
    throw new AutodiffError("bad-feed", `run: there is no ${role} "${name}"`, {
      hint: `there are: ${[...known].join(", ")}`,
    });
  }
}

/** @throws bad-feed where a tensor on the device is not of the declared type */
function checkPlace(role: string, name: string, type: AnyTensor, given: Resident | undefined): void {
  if (isResident(given) && given.dtype === type.dtype && sameShape(given.shape, type.shape)) return;
  throw new AutodiffError(
    "bad-feed",
    `run: the ${role} "${name}" is ${show(type)}, ` +
      (isResident(given)
        ? `and the tensor on the device ${show(given)}`
        : "and stays on the device: it takes a tensor there"),
  );
}

function checkResident(outputs: object, resident: object, { device = "cpu" }: SessionOptions): void {
  const [name] = Object.keys(resident);
  if (name !== undefined && device === "cpu") {
    throw new AutodiffError(
      "bad-argument",
      `createSession: "${name}" is to stay on a device, and there is none`,
    );
  }
  const twice = Object.keys(resident).find((name) => name in outputs);
  if (twice === undefined) return;
  throw new AutodiffError(
    "bad-argument",
    `createSession: "${twice}" is to stay on the device and to be returned`,
  );
}
