/**
 * Calls `stop` and ends the process, at once: on Ctrl-C or SIGTERM with 130, and with 1 when nobody reads standard
 * output any more (`| head -1`). What was acknowledged is on disk already. `stop` must be synchronous; native work
 * that is under way cannot be waited for.
 * @returns a function that lets interruptions be again
 */
export function onInterruption(stop: () => void): () => void {
  const end = (exitCode: number): void => {
    try {
      stop();
    } finally {
      process.exit(exitCode);
    }
  };
  const onSignal = (): void => end(130);
  const onOutputError = ({ code }: NodeJS.ErrnoException): void => {
    if (code === "EPIPE") end(1);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // Before the listener of bin.ts, which would call it a success.
  process.stdout.prependListener("error", onOutputError);
  return () => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
    process.stdout.off("error", onOutputError);
  };
}
