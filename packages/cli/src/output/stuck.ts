import { RrrError } from "@rrr/core";

/**
 * Rejects when nothing is left that could settle what is still waited for; Node would end without a word.
 * Only plugins wait for anything that may never come.
 */
export function stuck(): Promise<never> {
  return new Promise((_, reject) => {
    process.once("beforeExit", () => {
      const hint =
        "Look for a promise in the plugin that is never settled: while loading, in items() or schema.";
      reject(new RrrError("plugin-failed", "the plugin waits for something that never comes", { hint }));
    });
  });
}
