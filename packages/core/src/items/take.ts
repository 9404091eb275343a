/** The first `count` of what may be endless. */
export async function take<T>(from: Iterable<T> | AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  if (count < 1) return taken;
  for await (const value of from) {
    taken.push(value);
    if (taken.length >= count) break;
  }
  return taken;
}
