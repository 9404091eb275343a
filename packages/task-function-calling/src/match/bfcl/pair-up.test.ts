import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairUp } from "./pair-up.ts";

/** The size of the largest pairing, by trying them all. */
function largest(fits: readonly (readonly boolean[])[], taken: ReadonlySet<number> = new Set()): number {
  const [row, ...others] = fits;
  if (row === undefined) return 0;
  const with_ = row.map((fit, i) => (fit && !taken.has(i) ? 1 + largest(others, new Set([...taken, i])) : 0));
  return Math.max(largest(others, taken), ...with_);
}

describe("pairUp", () => {
  it("finds as many pairs as there can be, each of two that fit, none twice", () => {
    const matrix = fc.integer({ min: 1, max: 6 }).chain((size) => {
      const row = fc.array(fc.boolean(), { minLength: size, maxLength: size });
      return fc.array(row, { minLength: size, maxLength: size });
    });
    fc.assert(
      fc.property(matrix, (fits) => {
        const indices = [...fits.keys()];
        const partners = pairUp(indices, indices, (left, right) => fits[left]?.[right] === true);
        const pairs = [...partners.entries()].filter(([, left]) => left !== undefined);
        expect(new Set(pairs.map(([, left]) => left)).size).toBe(pairs.length);
        for (const [right, left] of pairs) expect(fits[left as number]?.[right]).toBe(true);
        expect(pairs.length).toBe(largest(fits));
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
