import type { Datum } from "@rrr/trainer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packBatches } from "./packing.ts";

const datum = fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 100 })).map(
  ([p, t]): Datum => ({
    prompt: Int32Array.from({ length: p }, (_, i) => 1000 + i),
    targets: Int32Array.from({ length: t }, (_, i) => 2000 + i),
    weights: new Float32Array(t),
  }),
);

test("every target is scored once, from the position before it, in a segment that is its sequence alone", () => {
  fc.assert(
    fc.property(fc.array(datum, { minLength: 1, maxLength: 40 }), (data) => {
      const seen = new Set<number>();
      for (const { shape, tokens, segments, positions, labels, slotOf, spans } of packBatches(data, 250)) {
        expect(tokens.length).toBe(shape.rows * shape.length);
        expect(positions.length).toBe(shape.slots);
        for (const { datum: index, start, count } of spans) {
          expect(seen.has(index)).toBe(false);
          seen.add(index);
          const { prompt, targets } = data[index] as Datum;
          expect([...labels.subarray(start, start + count)]).toEqual([...targets]);
          const first = (positions[start] as number) - prompt.length + 1;
          const size = prompt.length + targets.length - 1;
          expect([...tokens.subarray(first, first + size)]).toEqual([...prompt, ...targets].slice(0, -1));
          const segment = segments[first] as number;
          expect(segments.filter((value) => value === segment).length).toBe(size);
          expect(segments.subarray(first, first + size).every((value) => value === segment)).toBe(true);
          expect(Math.floor(first / shape.length)).toBe(Math.floor((first + size - 1) / shape.length));
          for (let t = 0; t < count; t++) {
            expect(positions[start + t]).toBe(first + prompt.length - 1 + t);
            expect(slotOf[positions[start + t] as number]).toBe(start + t);
          }
        }
        const scored = spans.reduce((sum, { count }) => sum + count, 0);
        expect(slotOf.filter((slot) => slot < shape.slots).length).toBe(scored);
      }
      expect(seen.size).toBe(data.length);
    }),
    { numRuns: 50 },
  );
});

test("short sequences share rows, and few shapes are made of many", () => {
  const data = Array.from(
    { length: 64 },
    (_, i): Datum => ({
      prompt: new Int32Array(10 + (i % 5)),
      targets: new Int32Array(20),
      weights: new Float32Array(20),
    }),
  );
  const batches = packBatches(data, 512);
  const room = batches.reduce((sum, { shape }) => sum + shape.rows * shape.length, 0);
  const used = data.reduce((sum, { prompt, targets }) => sum + prompt.length + targets.length - 1, 0);
  expect(used / room).toBeGreaterThan(0.8);
  expect(new Set(batches.map(({ shape }) => JSON.stringify(shape))).size).toBeLessThanOrEqual(3);
});
