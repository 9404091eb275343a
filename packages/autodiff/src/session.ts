import type { InferenceSession, Tensor as NativeTensor } from "onnxruntime-node";
import { arrayName, holds, zeros } from "./data.ts";
import { AutodiffError } from "./errors.ts";
import { inputNames } from "./graph.ts";
import { needed, toOnnx } from "./onnx/model.ts";
import { loadRuntime, type Runtime, textOf } from "./runtime.ts";
import { show, sizeOf } from "./shape.ts";
import type { AnyTensor, DType, Tensor, TensorData } from "./tensor.ts";

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
}

/** Arrays by input name. They are read in place, not copied, and may change between runs. */
export type Feeds = Readonly<Record<string, TensorData>>;

/** Arrays by output name. */
export type Results<Outputs> = {
  readonly [Name in keyof Outputs]: Outputs[Name] extends Tensor<infer D extends DType>
    ? TensorData<D>
    : never;
};

export interface RunOptions<Outputs> {
  /** Arrays for outputs to be written into, in place of new ones. */
  readonly into?: Partial<Results<Outputs>>;
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
 * @throws runtime-missing, runtime-failed, bad-argument
 */
export async function createSession<const Outputs extends Readonly<Record<string, AnyTensor>>>(
  outputs: Outputs,
  options: SessionOptions = {},
): Promise<Session<Outputs>> {
  const runtime = await loadRuntime();
  const native = await compile(runtime, toOnnx(outputs), options);
  const inputs = new Map(needed(Object.values(outputs)).inputs.map(({ name, tensor }) => [name, tensor]));
  const [first] = Object.values(outputs);
  const declared = first === undefined ? new Set<string>() : inputNames(first.graph);
  const bind = createBinder(runtime);
  let pending: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  const run = async (feeds: Feeds, into: Feeds): Promise<Results<Outputs>> => {
    for (const name of Object.keys(feeds)) {
      if (!declared.has(name)) throw unknownName("input", name, [...declared]);
    }
    for (const name of Object.keys(into)) {
      if (!(name in outputs)) throw unknownName("output", name, Object.keys(outputs));
    }
    const fed: Record<string, NativeTensor> = {};
    for (const [name, tensor] of inputs) fed[name] = bind("input", name, tensor, feeds[name]);
    const results: Record<string, TensorData> = {};
    const fetched: Record<string, NativeTensor> = {};
    for (const [name, tensor] of Object.entries(outputs)) {
      const data = into[name] ?? zeros(tensor.dtype, sizeOf(tensor.shape));
      results[name] = data;
      fetched[name] = bind("output", name, tensor, data);
    }
    try {
      await native.run(fed, fetched);
    } catch (cause) {
      throw new AutodiffError("runtime-failed", `onnxruntime failed to run the graph: ${textOf(cause)}`, {
        cause,
      });
    }
    return results as Results<Outputs>;
  };

  return {
    run: async (feeds, { into = {} } = {}) => {
      if (closing !== undefined) throw new AutodiffError("closed", "run: the session was closed");
      const result = run(feeds, into as Feeds);
      // Only that they ended: kept values would be a chain of all results there ever were.
      pending = Promise.allSettled([pending, result]).then(() => undefined);
      return result;
    },
    close: () => {
      closing ??= pending.then(() => native.release());
      return closing;
    },
  };
}

async function compile(
  runtime: Runtime,
  model: Uint8Array,
  options: SessionOptions,
): Promise<InferenceSession> {
  const { threads = 0, spinning = true, arena = true } = options;
  if (!Number.isInteger(threads) || threads < 0) {
    throw new AutodiffError("bad-argument", `createSession: threads is ${threads}`);
  }
  try {
    return await runtime.InferenceSession.create(model, {
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      // Planning memory ahead keeps the memory of the first, unplanned run as well: 900 MB against 550 MB for a
      // training step whose time it does not change.
      enableMemPattern: false,
      enableCpuMemArena: arena,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: spinning ? "1" : "0" } } },
    });
  } catch (cause) {
    throw new AutodiffError("runtime-failed", `onnxruntime refused the graph: ${textOf(cause)}`, { cause });
  }
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

function unknownName(role: string, name: string, known: readonly string[]): AutodiffError {
  return new AutodiffError("bad-feed", `run: there is no ${role} "${name}"`, {
    hint: `there are: ${known.join(", ")}`,
  });
}
