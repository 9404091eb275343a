/** Runs a generator to its end. @returns what it returns; `onProgress` sees what it yields. */
export async function resultOf<Progress, Result>(
  run: AsyncGenerator<Progress, Result>,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Result> {
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value;
    onProgress(value);
  }
}
