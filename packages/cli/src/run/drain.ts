/** Runs a generator to its end, looking at what it yields. @returns what it returns */
export async function drain<Yielded, Returned>(
  generator: AsyncGenerator<Yielded, Returned, undefined>,
  look: (yielded: Yielded) => void,
): Promise<Returned> {
  for (;;) {
    const next = await generator.next();
    if (next.done) return next.value;
    look(next.value);
  }
}
