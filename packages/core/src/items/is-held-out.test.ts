import { expect, test } from "vitest";
import { isHeldOut } from "./is-held-out.ts";

test("one problem in five is held out, the same one each time", () => {
  const held = Array.from({ length: 10_000 }, (_, n) => isHeldOut("problem", n));
  const share = held.filter(Boolean).length / held.length;
  expect(share).toBeGreaterThan(0.18);
  expect(share).toBeLessThan(0.22);
  expect(held).toEqual(Array.from({ length: 10_000 }, (_, n) => isHeldOut("problem", n)));
});

test("every part of the key counts, and their order", () => {
  const split = (...keys: readonly (string | number)[][]): string =>
    keys.map((key) => (isHeldOut(...key) ? "1" : "0")).join("");
  const numbers = [...Array(64).keys()];
  expect(split(...numbers.map((n) => ["a", n]))).not.toBe(split(...numbers.map((n) => ["b", n])));
  expect(split(...numbers.map((n) => ["a", n]))).not.toBe(split(...numbers.map((n) => [n, "a"])));
});
