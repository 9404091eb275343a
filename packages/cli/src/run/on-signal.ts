/**
 * Calls `stop` on Ctrl-C or SIGTERM and ends the process, at once: what was acknowledged is on disk already.
 * `stop` must be synchronous; native work that is under way cannot be waited for.
 * @returns a function that lets signals be again
 */
export function onSignal(stop: () => void): () => void {
  const end = (): void => {
    try {
      stop();
    } finally {
      process.exit(130);
    }
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  return () => {
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  };
}
