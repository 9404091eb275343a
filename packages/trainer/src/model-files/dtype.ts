/** The number formats of weights that are read; all arithmetic is done in 32-bit floats. */
export type Dtype = "F32" | "BF16" | "F16";

export const bytesPerElement: Readonly<Record<Dtype, number>> = { F32: 4, BF16: 2, F16: 2 };

/** Little-endian bytes of a tensor to 32-bit floats. Takes the bytes over: they may back the result. */
export function toFloat32(bytes: Uint8Array, dtype: Dtype): Float32Array {
  if (dtype === "F32") return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const bits = new Uint32Array(halves.length);
  // Two loops: a call that may be one of two costs more than what it does.
  if (dtype === "BF16") for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] as number) << 16;
  else for (let i = 0; i < halves.length; i++) bits[i] = halfToFloatBits(halves[i] as number);
  return new Float32Array(bits.buffer);
}

/** 32-bit floats to little-endian bytes; BF16 rounds to nearest, ties to even. */
export function fromFloat32(data: Float32Array, dtype: "F32" | "BF16"): Uint8Array {
  if (dtype === "F32") return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const halves = new Uint16Array(data.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i] as number;
    const nan = (value & 0x7fff_ffff) > 0x7f80_0000;
    halves[i] = nan ? (value >>> 16) | 0x40 : (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
  }
  return new Uint8Array(halves.buffer);
}

/** IEEE 754 binary16 to binary32, as bits. */
function halfToFloatBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f80_0000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // A subnormal half is a normal float: shift its leading one into place.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
