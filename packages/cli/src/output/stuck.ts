import { RrrError } from "@rrr/core";

let reject: (error: RrrError) => void = () => {};

/** Ends what `stuck` is waited for. */
export function reportStuck(error: RrrError): void {
  reject(error);
}

/**
 * Rejects when a plugin blocked the command, and when nothing is left that could settle what is still waited for; Node
 * would end without a word. Only plugins wait for anything that may never come.
 */
export function stuck(): Promise<never> {
  return new Promise((_, rejected) => {
    reject = rejected;
    process.once("beforeExit", () => {
      const hint =
        "Look for a promise in the plugin that is never settled: while loading, in items() or schema.";
      reject(new RrrError("plugin-failed", "the plugin waits for something that never comes", { hint }));
    });
  });
}
