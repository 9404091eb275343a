import { malformed } from "../malformed.ts";
import type { Tensor } from "../messages.ts";
import { fieldsOf } from "./field.ts";
import { bytesField, integerField, type Parts } from "./write.ts";

const FLOAT32 = 1;
const INT64 = 2;
const INT32 = 3;
const BFLOAT16 = 4;

export function floatBytes(values: Float32Array): Uint8Array {
  return bytesOf(values.length, 4, (view, i) => view.setFloat32(4 * i, values[i] as number, true));
}

export function intBytes(values: Int32Array): Uint8Array {
  return bytesOf(values.length, 4, (view, i) => view.setInt32(4 * i, values[i] as number, true));
}

export function longBytes(values: ArrayLike<number>): Uint8Array {
  return bytesOf(values.length, 8, (view, i) => view.setBigInt64(8 * i, BigInt(values[i] as number), true));
}

export function toFloats(bytes: Uint8Array, what: string): Float32Array {
  const { length, view } = blockOf(bytes, 4, what);
  return Float32Array.from({ length }, (_, i) => view.getFloat32(4 * i, true));
}

export function toInts(bytes: Uint8Array, what: string): Int32Array {
  const { length, view } = blockOf(bytes, 4, what);
  return Int32Array.from({ length }, (_, i) => view.getInt32(4 * i, true));
}

/** @throws RrrError `bad-argument` for one that no double holds exactly */
export function toLongs(bytes: Uint8Array, what: string): number[] {
  const { length, view } = blockOf(bytes, 8, what);
  return Array.from({ length }, (_, i) => {
    const value = Number(view.getBigInt64(8 * i, true));
    if (!Number.isSafeInteger(value)) throw malformed(`${what}: ${value} is too large`);
    return value;
  });
}

/** The numbers of a block by its type. */
export function toTensor(bytes: Uint8Array, dtype: number, what: string): Tensor {
  switch (dtype) {
    case FLOAT32:
      return { kind: "floats", data: toFloats(bytes, what) };
    case BFLOAT16: {
      const { length, view } = blockOf(bytes, 2, what);
      const upper = Int32Array.from({ length }, (_, i) => view.getUint16(2 * i, true) << 16);
      return { kind: "floats", data: new Float32Array(upper.buffer) };
    }
    case INT32:
      return { kind: "ints", data: toInts(bytes, what) };
    case INT64: {
      const longs = toLongs(bytes, what);
      const large = longs.find((value) => value !== (value | 0));
      if (large !== undefined) throw malformed(`${what}: ${large} is no token`);
      return { kind: "ints", data: Int32Array.from(longs) };
    }
    default:
      throw malformed(`${what}: numbers of type ${dtype}`);
  }
}

/** A Tensor message. */
export function tensorParts(tensor: Tensor): Parts {
  const isFloat = tensor.kind === "floats";
  const bytes = isFloat ? floatBytes(tensor.data) : longBytes(tensor.data);
  // `shape` is packed: one number in a block of its own.
  const shape = integerField(1, tensor.data.length).slice(1);
  return [
    ...bytesField(1, bytes),
    ...integerField(3, isFloat ? FLOAT32 : INT64),
    ...bytesField(4, shape[0] ?? Uint8Array.of(0)),
  ];
}

export function readTensor(bytes: Uint8Array, what: string): Tensor {
  let dense: Uint8Array = new Uint8Array(0);
  let dtype = 0;
  const shape: number[] = [];
  for (const field of fieldsOf(bytes, what)) {
    if (field.number === 1) dense = field.bytes();
    else if (field.number === 2) throw malformed(`${what}: a sparse tensor, where a dense one is expected`);
    else if (field.number === 3) dtype = field.integer();
    else if (field.number === 4) shape.push(...field.integers());
  }
  const tensor = toTensor(dense, dtype, what);
  if (shape.length > 1 || (shape.length === 1 && shape[0] !== tensor.data.length)) {
    throw malformed(`${what}: shape [${shape}] of ${tensor.data.length} numbers, where a row is expected`);
  }
  return tensor;
}

function bytesOf(length: number, size: number, set: (view: DataView, i: number) => void): Uint8Array {
  const bytes = new Uint8Array(length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < length; i++) set(view, i);
  return bytes;
}

function blockOf(
  bytes: Uint8Array,
  size: number,
  what: string,
): { readonly length: number; readonly view: DataView } {
  if (bytes.length % size !== 0) throw malformed(`${what}: ${bytes.length} bytes of numbers of ${size} each`);
  return {
    length: bytes.length / size,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
  };
}
