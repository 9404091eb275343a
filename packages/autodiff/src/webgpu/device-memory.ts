import type { InferenceSession, Tensor as NativeTensor } from "onnxruntime-node";
import { arrayName, holds, zeros } from "../data.ts";
import { AutodiffError } from "../errors.ts";
import { createGraph } from "../graph.ts";
import { openNative } from "../native-session.ts";
import { node } from "../ops/node.ts";
import { loadRuntime } from "../runtime.ts";
import { show, sizeOf } from "../shape.ts";
import type { DType, Shape, TensorData } from "../tensor.ts";

/** A tensor in the device's memory: sessions on the device read it where it is, and leave others there in its place. */
export interface Resident<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
}

/** Tensors that stay on a device between runs, of any of its sessions. */
export interface DeviceMemory {
  /** A tensor of zeros, or of these elements: they are read at its first use, and must not change before. */
  hold<D extends DType>(dtype: D, shape: Shape, data?: TensorData<D>): Resident<D>;
  /** Gives it other elements, as `hold` does. */
  write<D extends DType>(tensor: Resident<D>, data?: TensorData<D>): void;
  /** Its elements as they are now. @param into an array for them in place of a new one */
  read<D extends DType>(tensor: Resident<D>, into?: TensorData<D>): Promise<TensorData<D>>;
  /** Gives its memory back; it can be written again. */
  free(tensor: Resident): void;
  /** Gives everything back, after runs in progress. */
  close(): Promise<void>;
}

/** What stands behind a tensor. */
interface Cell {
  /** On the device; unset as long as its elements are to be written. */
  native?: NativeTensor | undefined;
  /** Whether other tensors have the same: then it is not this one's to give back. */
  shared: boolean;
  /** What the session that left it there has left on the device. */
  maker?: Set<Resident> | undefined;
  /** Elements that are not on the device yet; zeros where there are none. */
  waiting?: TensorData | undefined;
  /** Brings them there. */
  upload(): Promise<void>;
  uploading?: Promise<void> | undefined;
  /** Makes it the memory's own. */
  adopt(): Promise<void>;
  /** Has the memory give it back when that is closed. */
  list(): void;
}

const cells = new WeakMap<object, Cell>();

/** Whether it is a tensor on a device, and no array. */
export function isResident(value: unknown): value is Resident {
  return typeof value === "object" && value !== null && cells.has(value);
}

/** As the runtime takes it. */
export async function nativeOf(tensor: Resident): Promise<NativeTensor> {
  const cell = cells.get(tensor) as Cell;
  while (cell.native === undefined) {
    cell.uploading ??= cell.upload().finally(() => {
      cell.uploading = undefined;
    });
    await cell.uploading;
  }
  return cell.native as NativeTensor;
}

/** A run has left an output on the device: it is the tensor now. @param made what its session has left there */
export function replace(tensor: Resident, native: NativeTensor, made: Set<Resident>): void {
  const cell = cells.get(tensor) as Cell;
  release(tensor, cell);
  Object.assign(cell, { native, shared: false, waiting: undefined, maker: made });
  made.add(tensor);
  cell.list();
}

/**
 * To be called before a session is closed: the memory of what it left on the device goes with it, and to touch that then
 * ends the process.
 */
export async function adopt(made: Set<Resident>): Promise<void> {
  // Others may go while one is copied.
  for (const tensor of [...made]) if (made.has(tensor)) await (cells.get(tensor) as Cell).adopt();
}

function release(tensor: Resident, cell: Cell): void {
  if (!cell.shared) cell.native?.dispose();
  cell.native = undefined;
  cell.maker?.delete(tensor);
  cell.maker = undefined;
}

/** Memory of the GPU that sessions with `device: "webgpu"` compute on. @throws device-missing, runtime-missing */
export async function createDeviceMemory(): Promise<DeviceMemory> {
  const runtime = await loadRuntime();
  const held = new Map<Resident, Cell>();
  /** Tensors of zeros by type and size: what many tensors begin with, and are set back to. */
  const nothing = new Map<string, Promise<NativeTensor>>();
  const copiers = new Map<string, Promise<InferenceSession>>();
  let pending: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  /** Copies to the device or from it: onnxruntime-node itself cannot, and ends the process where it is asked to. */
  const copier = (dtype: DType, to: "device" | "host"): Promise<InferenceSession> => {
    const known = copiers.get(`${dtype} ${to}`);
    if (known !== undefined) return known;
    const x = createGraph().input("x", [1], dtype);
    const opened = openNative(
      { y: node("Identity", [x], x) },
      { device: "webgpu", threads: 1 },
      { openAxes: { x: ["n"], y: ["n"] }, resident: to === "device" ? ["y"] : [] },
    );
    copiers.set(`${dtype} ${to}`, opened);
    return opened;
  };
  const copy = async (dtype: DType, x: NativeTensor, to: "device" | "host"): Promise<NativeTensor> => {
    if (isClosed) throw new AutodiffError("closed", "the memory of the device was closed");
    return (await (await copier(dtype, to)).run({ x })).y as NativeTensor;
  };
  /** The same memory under another shape; whoever has it gives it back. */
  const shaped = (native: NativeTensor, dtype: DType, dims: Shape): NativeTensor =>
    runtime.Tensor.fromGpuBuffer(native.gpuBuffer as never, {
      dataType: dtype as "float32",
      dims,
      dispose: () => native.dispose(),
    }) as NativeTensor;
  const array = (dtype: DType, data: TensorData): NativeTensor =>
    new runtime.Tensor(dtype, data as Float32Array, [data.length]);

  const zerosOf = (dtype: DType, size: number): Promise<NativeTensor> => {
    const key = `${dtype} ${size}`;
    const native = nothing.get(key) ?? copy(dtype, array(dtype, zeros(dtype, size)), "device");
    nothing.set(key, native);
    return native;
  };

  const fetch = async <D extends DType>(
    tensor: Resident<D>,
    into?: TensorData<D>,
  ): Promise<TensorData<D>> => {
    if (into !== undefined) checkData(tensor, into);
    const flat = shaped(await nativeOf(tensor), tensor.dtype, [sizeOf(tensor.shape)]);
    const data = (await copy(tensor.dtype, flat, "host")).data as TensorData as TensorData<D>;
    if (into === undefined) return data;
    (into as Float32Array).set(data as Float32Array);
    return into;
  };

  const memory: DeviceMemory = {
    hold(dtype, shape, data) {
      const tensor = Object.freeze({ dtype, shape: [...shape] });
      const cell: Cell = {
        shared: false,
        async upload() {
          const { waiting } = cell;
          const flat =
            waiting === undefined
              ? await zerosOf(dtype, sizeOf(shape))
              : await copy(dtype, array(dtype, waiting), "device");
          cell.native = shaped(flat, dtype, shape);
          cell.shared = waiting === undefined;
          cell.list();
          // It may have been written again meanwhile.
          if (cell.waiting === waiting) cell.waiting = undefined;
          else release(tensor, cell);
        },
        async adopt() {
          const old = cell.native as NativeTensor;
          const flat = await copy(dtype, shaped(old, dtype, [sizeOf(shape)]), "device");
          // A run may have replaced it meanwhile.
          if (cell.native === old) {
            release(tensor, cell);
            cell.native = shaped(flat, dtype, shape);
          } else flat.dispose();
        },
        list() {
          // What nobody gives back ends the process when it is cleared away.
          if (isClosed) release(tensor, cell);
          else held.set(tensor, cell);
        },
      };
      cells.set(tensor, cell);
      memory.write(tensor, data);
      return tensor;
    },
    write(tensor, data) {
      if (data !== undefined) checkData(tensor, data);
      const cell = cells.get(tensor) as Cell;
      release(tensor, cell);
      held.delete(tensor);
      cell.waiting = data;
    },
    read(tensor, into) {
      const reading = fetch(tensor, into);
      pending = Promise.allSettled([pending, reading]);
      return reading;
    },
    free: (tensor) => memory.write(tensor),
    async close() {
      await pending;
      isClosed = true;
      for (const [tensor, cell] of held) release(tensor, cell);
      for (const native of nothing.values()) (await native).dispose();
      for (const session of copiers.values()) await (await session).release();
      held.clear();
      nothing.clear();
      copiers.clear();
    },
  };
  // There is a device, or this is where it is said that there is none.
  await copier("float32", "host");
  return memory;
}

function checkData(tensor: Resident, data: TensorData): void {
  if (holds(data, tensor.dtype) && data.length === sizeOf(tensor.shape)) return;
  throw new AutodiffError(
    "bad-feed",
    `a tensor on the device is ${show(tensor)}: it takes ${arrayName(tensor.dtype)} of ${sizeOf(tensor.shape)} ` +
      `elements, got ${(data as object).constructor.name} of ${(data as TensorData).length}`,
  );
}
