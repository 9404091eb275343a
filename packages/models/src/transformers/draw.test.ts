import { createRandom } from "@rrr/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { draw } from "./draw.ts";

const scores = (...values: number[]): Float32Array => Float32Array.from(values);

test("at temperature 0 the likeliest token, the first of equals", () => {
  expect(draw(scores(1, 3, 3, 2), 0, 0.99)).toBe(1);
  expect(draw(scores(Number.NEGATIVE_INFINITY, -5), 0, 0.5)).toBe(1);
});

test("tokens come as often as their probabilities say", () => {
  const random = createRandom(1);
  const counts = [0, 0, 0];
  const draws = 30_000;
  // Probabilities 0.2, 0.7 and 0.1 at temperature 1; squared and scaled to 1, those at temperature 0.5.
  const logits = scores(Math.log(0.2), Math.log(0.7), Math.log(0.1));
  for (let i = 0; i < draws; i++) {
    const token = draw(logits, 0.5, random.next());
    counts[token] = (counts[token] ?? 0) + 1;
  }
  const worst = [0.04, 0.49, 0.01].map((p, token) => Math.abs((counts[token] ?? 0) / draws - p / 0.54));
  // Four standard errors.
  expect(Math.max(...worst)).toBeLessThan(4 * Math.sqrt(0.25 / draws));
});

test("whatever the scores, a token that has a probability", () => {
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(finite, fc.constant(Number.NEGATIVE_INFINITY)), { minLength: 1, maxLength: 40 }),
      finite,
      fc.double({ min: 0.01, max: 5, noNaN: true }),
      fc.double({ min: 1e-16, max: 1 - 2 ** -53, noNaN: true }),
      (rest, one, temperature, uniform) => {
        const all = scores(...rest, one);
        expect(all[draw(all, temperature, uniform)]).toBeGreaterThan(Number.NEGATIVE_INFINITY);
      },
    ),
  );
});

test("scores that are not numbers are no answer", () => {
  const broken = expect.objectContaining({ code: "diverged", message: expect.stringContaining("NaN") });
  expect(() => draw(scores(1, Number.NaN), 0, 0.5)).toThrow(broken);
  expect(() => draw(scores(Number.NEGATIVE_INFINITY), 1, 0.5)).toThrow("-Infinity");
  expect(() => draw(scores(1, Number.POSITIVE_INFINITY), 1, 0.5)).toThrow("Infinity");
});
