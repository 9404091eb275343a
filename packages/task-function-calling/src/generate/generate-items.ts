import { createRandom, deriveKey } from "@rrr/core";
import { drawSample, type GeneratedItem, type World } from "./sample.ts";
import type { Split } from "./split.ts";

/** A world in which this many draws in a row bring nothing new is taken to be exhausted. */
const MAX_VAIN_DRAWS = 20_000;

/** Distinct items of a split, in an order that the seed decides, until the world has no more of them. */
export function* generateItems(world: World, split: Split, seed: number): Generator<GeneratedItem, void> {
  const random = createRandom(deriveKey(seed, "function-calling", split));
  const seen = new Set<number>();
  for (let vain = 0; vain < MAX_VAIN_DRAWS; vain++) {
    const sample = drawSample(world, split, random);
    if (sample === undefined) continue;
    const { item, offered } = sample;
    // A hash, not the text: a run may draw millions.
    const key = deriveKey(0, item.query, JSON.stringify(item.tools.toSorted(byName)), offered.length);
    if (seen.has(key)) continue;
    seen.add(key);
    vain = 0;
    yield item;
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
