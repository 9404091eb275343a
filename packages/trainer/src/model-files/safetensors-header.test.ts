import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSafetensorsHeader } from "./safetensors-header.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const tensor = (dtype: string, shape: unknown, start: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [start, end],
});
const valid = {
  b: tensor("F32", [2, 3], 0, 24),
  a: tensor("BF16", [4], 24, 32),
  none: tensor("F16", [0, 9], 32, 32),
};
const parse = (header: unknown, bytes = 32) => parseSafetensorsHeader(encode(JSON.stringify(header)), bytes);
const refuse = (text: string, bytes: number, message: string) => {
  expect(() => parseSafetensorsHeader(encode(text), bytes)).toThrow(
    expect.objectContaining({ code: "bad-model" }),
  );
  expect(() => parseSafetensorsHeader(encode(text), bytes)).toThrow(message);
};

describe("parseSafetensorsHeader", () => {
  test("gives the tensors in the order of their bytes, metadata and padding left out", () => {
    const text = `${JSON.stringify({ __metadata__: { format: "pt" }, ...valid })}   `;
    expect(parseSafetensorsHeader(encode(text), 32)).toEqual([
      { name: "b", dtype: "F32", shape: [2, 3], start: 0, end: 24 },
      { name: "a", dtype: "BF16", shape: [4], start: 24, end: 32 },
      { name: "none", dtype: "F16", shape: [0, 9], start: 32, end: 32 },
    ]);
    expect(parseSafetensorsHeader(encode("{}"), 0)).toEqual([]);
  });

  test.each([
    ["a gap", { a: tensor("F32", [1], 4, 8) }, 8, "starts at byte 4, not at 0"],
    [
      "an overlap",
      { a: tensor("F32", [2], 0, 8), b: tensor("F32", [1], 4, 8) },
      8,
      "starts at byte 4, not at 8",
    ],
    ["bytes left over", { a: tensor("F32", [1], 0, 4) }, 5, "need 4 bytes, the file has 5"],
    ["bytes missing", { a: tensor("F32", [1], 0, 4) }, 3, "need 4 bytes, the file has 3"],
    ["a wrong size", { a: tensor("F32", [3], 0, 8) }, 8, "has 8 bytes, its shape [3] of F32 needs 12"],
    ["offsets backwards", { a: tensor("F32", [1], 4, 0) }, 4, "has -4 bytes"],
    ["an overflowing shape", { a: tensor("F32", [2 ** 40, 2 ** 40], 0, 8) }, 8, "too large"],
    ["an overflow times nothing", { a: tensor("F32", [2 ** 52, 4, 0], 0, 0) }, 0, "too large"],
    ["an unknown type", { a: tensor("F7", [1], 0, 4) }, 4, 'has type "F7"'],
    ["a type of Object.prototype", { a: tensor("valueOf", [1], 0, 4) }, 4, "has type"],
    [
      "a scalar as offsets",
      { a: { dtype: "F32", shape: [1], data_offsets: 4 } },
      4,
      "not lists of whole numbers",
    ],
    [
      "three offsets",
      { a: { dtype: "F32", shape: [1], data_offsets: [0, 4, 4] } },
      4,
      "not lists of whole numbers",
    ],
    ["a nested shape", { a: tensor("F32", [[1]], 0, 4) }, 4, "not lists of whole numbers"],
    ["an unknown field", { a: { ...tensor("F32", [1], 0, 4), extra: "x" } }, 4, "is not {dtype"],
    ["metadata that is no text", { __metadata__: { n: [] } }, 0, "__metadata__"],
    ["a list", [], 0, "not an object"],
  ])("refuses %s", (_, header, bytes, message) => {
    refuse(JSON.stringify(header), bytes, message);
  });

  test("refuses what JSON.parse would let pass", () => {
    refuse('{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}', 4, "unexpected");
    refuse('{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}', 4, "unexpected");
    refuse('{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}', 0, "unexpected");
    const once = '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
    refuse(`{${once},${once}}`, 4, "twice");
    refuse('{"a":{"dtype":"F16","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4, "twice");
    refuse(`{"\\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4, "not Unicode");
    refuse('{"__metadata__":{"a":"\\udc00"}}', 0, "__metadata__");
    refuse(" {}", 0, "not an object");
    refuse("\ufeff{}", 0, "not JSON");
    expect(() => parseSafetensorsHeader(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 0)).toThrow("UTF-8");
  });

  test("takes `__proto__` for a name like any other", () => {
    const text = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    expect(parseSafetensorsHeader(encode(text), 4).map(({ name }) => name)).toEqual(["__proto__"]);
  });

  test("a mutated header is refused, or still describes every byte exactly once", () => {
    const original = [...encode(JSON.stringify({ __metadata__: { format: "pt" }, ...valid }))];
    const printable = fc.constantFrom(...encode('0123456789{}[]:,"\\.-eFB16 '));
    const edit = fc.record({
      at: fc.nat(original.length - 1),
      remove: fc.nat(2),
      insert: fc.array(fc.oneof(printable, fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
    });
    const size = { F32: 4, BF16: 2, F16: 2 };
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const bytes = [...original];
        for (const { at, remove, insert } of edits) bytes.splice(at, remove, ...insert);
        try {
          let position = 0;
          for (const { dtype, shape, start, end } of parseSafetensorsHeader(Uint8Array.from(bytes), 32)) {
            expect(start).toBe(position);
            expect(end - start).toBe(shape.reduce((product, n) => product * n, size[dtype]));
            position = end;
          }
          expect(position).toBe(32);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-model" });
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test("a header of other values is refused, or still describes every byte exactly once", () => {
    const number = fc.oneof(fc.nat(64), fc.constantFrom(0, 4, 24, 32, 2 ** 31, 2 ** 53, 1e300, -4, 0.5));
    const entry = fc.record({
      dtype: fc.constantFrom("F32", "BF16", "F16", "I64", "", null),
      shape: fc.oneof(fc.array(number, { maxLength: 3 }), fc.constant(null)),
      data_offsets: fc.oneof(fc.array(number, { maxLength: 3 }), fc.constant("0,4")),
    });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "__metadata__"), entry),
        fc.nat(64),
        (header, bytes) => {
          try {
            const entries = parse(header, bytes);
            expect(entries.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(bytes);
          } catch (error) {
            expect(error).toMatchObject({ code: "bad-model" });
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
