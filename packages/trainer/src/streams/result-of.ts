/**
 * Runs one of the trainer's generators to its end, for callers who want the result and at most a look on the way.
 * @returns what it returns; `onProgress` sees what it yields
 * @example const evaluation = await resultOf(evaluate(task, policy, items));
 */
export async function resultOf<Progress, Result>(
  generator: AsyncGenerator<Progress, Result, undefined>,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Result> {
  for (;;) {
    const { done, value } = await generator.next();
    if (done) return value;
    onProgress(value);
  }
}
