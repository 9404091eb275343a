import type { Datum } from "@rrr/trainer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PackedBatch, packBatches } from "./packing.ts";
import { sequenceLength, trunkBranch } from "./prefix-trees.ts";

/** Prompts of few different tokens: many begin alike, some are the same, some are the start of others. */
const prompt = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 12 }),
  fc
    .tuple(fc.constantFrom(3, 4), fc.integer({ min: 1, max: 150 }))
    .map(([token, length]) => new Array<number>(length).fill(token)),
  fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 150 }),
);
const datum = fc.tuple(prompt, fc.integer({ min: 1, max: 100 })).map(
  ([tokens, count]): Datum => ({
    prompt: Int32Array.from(tokens),
    targets: Int32Array.from({ length: count }, (_, i) => 2000 + i),
    weights: new Float32Array(count),
  }),
);

/** What a position sees by the definition of a tree, itself last. */
function seenFrom({ trees, branches, shape }: PackedBatch, position: number): readonly number[] {
  const start = position - (position % shape.length);
  return Array.from({ length: position - start + 1 }, (_, i) => start + i).filter(
    (other) =>
      trees[other] === trees[position] &&
      (branches[other] === trunkBranch || branches[other] === branches[position]),
  );
}

test("every target is scored once, by a position that sees its own sequence in order and nothing else", () => {
  fc.assert(
    fc.property(fc.array(datum, { minLength: 1, maxLength: 40 }), (data) => {
      const seen = new Set<number>();
      for (const batch of packBatches(data, 250)) {
        const { shape, tokens, depths, positions, labels, slotOf, spans } = batch;
        expect(tokens.length).toBe(shape.rows * shape.length);
        expect(positions.length).toBe(shape.slots);
        for (const { datum: index, start, count } of spans) {
          expect(seen.has(index)).toBe(false);
          seen.add(index);
          const { prompt, targets } = data[index] as Datum;
          expect([...labels.subarray(start, start + count)]).toEqual([...targets]);
          const sequence = [...prompt, ...targets];
          for (let t = 0; t < count; t++) {
            const position = positions[start + t] as number;
            expect(slotOf[position]).toBe(start + t);
            if (t % 17 !== 0 && t !== count - 1) continue;
            const before = seenFrom(batch, position);
            expect(before.map((other) => tokens[other])).toEqual(sequence.slice(0, prompt.length + t));
            expect(before.map((other) => Number(depths[other]))).toEqual(before.map((_, depth) => depth));
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

const room = (batches: readonly PackedBatch[]): number =>
  batches.reduce((sum, { shape }) => sum + shape.rows * shape.length, 0);
const shapes = (batches: readonly PackedBatch[]): number =>
  new Set(batches.map(({ shape }) => JSON.stringify(shape))).size;

test("short sequences share rows, and few shapes are made of many", () => {
  const data = Array.from(
    { length: 64 },
    (_, i): Datum => ({
      prompt: new Int32Array(10 + (i % 5)).fill(i),
      targets: new Int32Array(20),
      weights: new Float32Array(20),
    }),
  );
  const batches = packBatches(data, 512);
  const used = data.reduce((sum, each) => sum + sequenceLength(each), 0);
  expect(used / room(batches)).toBeGreaterThan(0.8);
  expect(shapes(batches)).toBeLessThanOrEqual(3);
});

/** Eight groups of eight, whose prompts have the first 30 tokens in common. */
function groups(promptLength: number, count: number): readonly Datum[] {
  return Array.from({ length: 64 }, (_, i) => ({
    prompt: Int32Array.from({ length: promptLength }, (_, p) => (p < 30 ? p : (i >> 3) + 100)),
    targets: new Int32Array(count),
    weights: new Float32Array(count),
  }));
}

test("of a group's prompt there is room for one, as far as a row has room for the group", () => {
  const cases = [
    // All of a group in a row: 150 + 8 · 32 tokens.
    [150, 32, 1024, 8 * 448],
    // Rows of a longer sequence are at most half a batch longer: 500 + 8 · 32 tokens, or 4 at a time.
    [500, 32, 512, 8 * 768],
    [500, 32, 256, 16 * 640],
  ] as const;
  for (const [promptLength, count, tokens, most] of cases) {
    const batches = packBatches(groups(promptLength, count), 8192, { tokens, slotShares: 8 });
    expect(room(batches)).toBeLessThanOrEqual(most);
    expect(shapes(batches)).toBeLessThanOrEqual(3);
    for (const { shape } of batches) {
      expect(shape.rows * shape.length).toBeLessThanOrEqual(
        Math.max(tokens, promptLength + count + tokens / 2),
      );
    }
  }
});

test("a prompt that few tokens of a group follow is worth the same", () => {
  const batches = packBatches(groups(2, 100), 8192);
  expect(room(batches)).toBeLessThanOrEqual(64 * 128);
  expect(packBatches([], 512)).toEqual([]);
});
