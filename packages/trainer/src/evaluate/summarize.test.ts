import { expect, test } from "vitest";
import type { Outcomes } from "./evaluation.ts";
import { summarize } from "./summarize.ts";

const asked = { controls: false, greedy: false };
const repeat = (count: number, outcomes: Outcomes): Outcomes[][] =>
  Array.from({ length: count }, () => [outcomes]);
const solved = { first: true, after: true };

test("an evaluation may have more problems than a call has room for arguments", () => {
  const table = Array.from({ length: 200_000 }, (_, i) => [{ first: i % 4 === 0, after: true }, {}]);
  const { rates, passAt, errored } = summarize({ table, rounds: 1, asked });
  expect(rates.first).toMatchObject({
    passed: 50_000,
    of: 200_000,
    missing: 200_000,
    bounds: [0.125, 0.625],
  });
  expect(passAt[0]).toMatchObject({ k: 1, first: { bounds: [0.125, 0.625] } });
  expect(errored).toBe(200_000);
});

test("a server that dies in mid-run: what failed before it counts, and the rest are bounds", () => {
  // Of 60 problems 39 are solved at once and 12 of the 21 failures after a reflection; the server dies after 15 episodes.
  const table = [...repeat(15, solved), ...repeat(5, { first: false }), ...repeat(40, {})];
  const { rates, errored } = summarize({ table, rounds: 1, asked });
  expect(errored).toBe(45);
  expect(rates.first).toMatchObject({ passed: 15, of: 20, missing: 40, bounds: [15 / 60, 55 / 60] });
  expect(rates.after).toMatchObject({ passed: 15, of: 15, missing: 45, bounds: [15 / 60, 1] });
  expect(rates.first?.value).toBeUndefined();
  const { low = 1, high = 0 } = rates.after ?? {};
  expect(low).toBeLessThan(0.25);
  expect(high).toBe(1);
});

test("reflections that all errored leave the first try exact", () => {
  const table = [...repeat(13, solved), ...repeat(7, { first: false })];
  const { rates, errored } = summarize({ table, rounds: 1, asked });
  expect(rates.first).toMatchObject({ value: 0.65, missing: 0 });
  expect(rates.first?.bounds).toBeUndefined();
  expect(rates.after).toMatchObject({ missing: 7, bounds: [0.65, 1] });
  expect(errored).toBe(7);
});

test("an error in the second round leaves what is known of the first", () => {
  const table = [...repeat(2, { ...solved, after2: true }), ...repeat(2, { first: false, after: false })];
  const { rates, errored } = summarize({ table, rounds: 2, asked });
  expect(rates.after).toMatchObject({ value: 0.5, missing: 0 });
  expect(rates.after2).toMatchObject({ bounds: [0.5, 1] });
  expect(errored).toBe(2);
});

test("a control that errored only where it was needed is not at 100 %", () => {
  const table = [
    ...repeat(6, { ...solved, blind: true, passAt2: true }),
    ...repeat(2, { first: false, after: true, passAt2: false, leak: false }),
    ...repeat(2, { first: false, after: false, passAt2: true }),
  ];
  const { rates } = summarize({ table, rounds: 1, asked: { controls: true, greedy: false } });
  expect(rates.blind).toMatchObject({ passed: 6, of: 6, missing: 4, bounds: [0.6, 1] });
  expect(rates.passAt2).toMatchObject({ value: 0.8, missing: 0 });
  // A leak is a share of the reflections that were written, and of two of these it is not known.
  expect(rates.leak).toMatchObject({ of: 2, missing: 2, bounds: [0, 0.5] });
  expect(rates.greedyFirst).toBeUndefined();
});
