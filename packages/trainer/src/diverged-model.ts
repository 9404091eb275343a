import { RrrError } from "@rrr/core";

/** What a log-probability that is no finite number says: the model computes nothing, so its answers are none. */
export function divergedModel(logprob: number): RrrError {
  return new RrrError("diverged", `the model is broken: it gives a token the log-probability ${logprob}`, {
    hint: "Its weights are damaged, or training ruined them: download or export it again, or take an older checkpoint.",
  });
}
