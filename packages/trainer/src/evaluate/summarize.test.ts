import { expect, test } from "vitest";
import { summarize } from "./summarize.ts";

test("an evaluation may have more problems than a call has room for arguments", () => {
  const table = Array.from({ length: 200_000 }, (_, i) => [{ first: i % 4 === 0 }, {}]);
  const { rates, passAt, errored } = summarize(table);
  expect(rates.first).toMatchObject({ value: 0.25, passed: 50_000, of: 200_000 });
  expect(passAt[0]).toMatchObject({ k: 1, first: { value: 0.25 } });
  expect(errored).toBe(200_000);
});
