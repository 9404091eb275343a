import { createRandom } from "@rrr/core";
import { expect, it } from "vitest";
import { shuffleStream } from "./shuffle-stream.ts";

async function* upTo(count: number): AsyncGenerator<number, void> {
  for (let i = 0; i < count; i++) yield i;
}

async function shuffled(count: number, window: number, seed: number): Promise<number[]> {
  const out: number[] = [];
  for await (const each of shuffleStream(upTo(count), window, createRandom(seed))) out.push(each);
  return out;
}

it.each([
  [0, 4],
  [3, 4],
  [100, 10],
])("%i items come out once each, through a window of %i", async (count, window) => {
  const all = Array.from({ length: count }, (_, i) => i);
  expect((await shuffled(count, window, 1)).toSorted((a, b) => a - b)).toEqual(all);
});

it("the seed decides the order", async () => {
  expect(await shuffled(100, 10, 1)).toEqual(await shuffled(100, 10, 1));
  expect(await shuffled(100, 10, 1)).not.toEqual(await shuffled(100, 10, 2));
});
