import type { Random } from "@rrr/core";

/** The items of a stream in random order, as far as a window of `size` items allows: memory stays bounded. */
export async function* shuffleStream<T>(
  items: AsyncIterable<T>,
  size: number,
  random: Random,
): AsyncGenerator<T, void> {
  const window: T[] = [];
  for await (const item of items) {
    if (window.length < size) {
      window.push(item);
      continue;
    }
    const i = random.int(size);
    const drawn = window[i] as T;
    window[i] = item;
    yield drawn;
  }
  yield* random.shuffle(window);
}
