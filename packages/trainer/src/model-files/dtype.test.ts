import fc from "fast-check";
import { expect, test } from "vitest";
import { fromFloat32, toFloat32 } from "./dtype.ts";

const MOST = Math.fround(1e30);
const bytesOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

test("every half-precision number has the value that IEEE 754 gives it", () => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const floats = toFloat32(bytesOf(halves), "F16");
  const wrong: number[] = [];
  for (let half = 0; half < 65_536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const special = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    const normal = sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
    const subnormal = sign * 2 ** -14 * (fraction / 1024);
    const expected = exponent === 31 ? special : exponent === 0 ? subnormal : normal;
    if (!Object.is(floats[half], expected)) wrong.push(half);
  }
  expect(wrong).toEqual([]);
});

test("brain floats are read exactly and written to the nearest, ties to even", () => {
  const exact = Uint16Array.from([0x3f80, 0xbf80, 0x0000, 0x8000, 0x7f80, 0x4049]);
  expect(fromFloat32(toFloat32(bytesOf(exact), "BF16"), "BF16")).toEqual(bytesOf(exact));
  const step = 2 ** -7;
  const written = fromFloat32(
    Float32Array.of(1 + step / 2, 1 + (3 * step) / 2, 1 + step * 0.51, Number.NaN),
    "BF16",
  );
  expect([...toFloat32(written, "BF16")]).toEqual([1, 1 + 2 * step, 1 + step, Number.NaN]);
});

test("no brain float lies nearer to a number than the one written for it", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, max: MOST, min: -MOST }), (value) => {
      const bits = new Uint16Array(fromFloat32(Float32Array.of(value), "BF16").buffer)[0] as number;
      const near = (offset: number) =>
        Math.abs((toFloat32(bytesOf(Uint16Array.of(bits + offset)), "BF16")[0] as number) - value);
      const others = [near(1), near(-1)].filter(Number.isFinite);
      return others.every((distance) => near(0) <= distance);
    }),
  );
});
