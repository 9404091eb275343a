import { RrrError } from "@rrr/core";
import type { Datum } from "@rrr/trainer";
import { ofTargets } from "./carrier.ts";

/** Rounding may lift the logarithm of what is as good as certain above 0, in half precision too. */
export const MOST_LOGPROB = 0.05;

/**
 * What a server gives for the targets of a datum.
 * @throws RrrError `model-failed` for what are no log-probabilities of its tokens, `diverged` for what are no numbers
 */
export function targetsOf(datum: Datum, given: Float32Array | undefined): Float32Array {
  const row = given && ofTargets(datum, given);
  if (row === undefined) {
    throw new RrrError("model-failed", "the server does not give a log-probability for each token");
  }
  const above = row.find((logprob) => logprob > MOST_LOGPROB);
  if (above !== undefined) {
    throw new RrrError("model-failed", `the server gives a log-probability of ${above}, above 0`);
  }
  const broken = row.find((logprob) => !Number.isFinite(logprob));
  if (broken === undefined) return row;
  throw new RrrError("diverged", `a log-probability is ${broken}`, {
    hint: "Training went too far, or the model is damaged. A lower learning rate helps against the first.",
  });
}
