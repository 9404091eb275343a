/**
 * Yields what a generator yields, and `undefined` about every so often while it works on: results come in the order of
 * their problems, so that the first ones may wait for many others.
 * @returns what the generator returns
 */
export async function* withPulse<Yielded, Returned>(
  source: AsyncGenerator<Yielded, Returned, undefined>,
  everyMs: number,
): AsyncGenerator<Yielded | undefined, Returned, undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      const next = source.next();
      for (;;) {
        const pulse = new Promise<undefined>((resolve) => {
          timer = setTimeout(() => resolve(undefined), everyMs);
        });
        const first = await Promise.race([next, pulse]);
        clearTimeout(timer);
        if (first === undefined) {
          yield undefined;
          continue;
        }
        if (first.done) return first.value;
        yield first.value;
        break;
      }
    }
  } finally {
    clearTimeout(timer);
    await source.return(undefined as never);
  }
}
