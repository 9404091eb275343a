/** Tokens since it was made, and their speed. */
export function createSpeed(
  now: () => number = () => performance.now(),
): (tokens: number) => { readonly sampledTokens: number; readonly tokensPerSecond: number } {
  const startedMs = now();
  let startedWith: number | undefined;
  return (tokens) => {
    startedWith ??= tokens;
    const sampledTokens = tokens - startedWith;
    const seconds = (now() - startedMs) / 1000;
    return { sampledTokens, tokensPerSecond: seconds === 0 ? 0 : sampledTokens / seconds };
  };
}
