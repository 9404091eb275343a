import { RrrError } from "@rrr/core";
import type { WireDatum } from "@rrr/tinker-protocol";
import type { Datum } from "@rrr/trainer";

/**
 * A sequence as engines take it: the first token is the prompt, every other one a target.
 * @param weights of the targets
 * @throws RrrError `bad-argument` where the targets are not the tokens that follow
 */
export function toDatum(
  { tokens, inputs }: WireDatum,
  weights: Float32Array = new Float32Array(tokens.length),
): Datum {
  const targets = inputs.target_tokens;
  if (targets?.kind !== "ints") throw new RrrError("bad-argument", "loss_fn_inputs has no target_tokens");
  if (tokens.length === 0) throw new RrrError("bad-argument", "model_input is empty");
  if (targets.data.length !== tokens.length) {
    const counts = `${targets.data.length} target_tokens for ${tokens.length} tokens`;
    throw new RrrError("bad-argument", counts);
  }
  const parted = targets.data.findIndex((token, i) => i + 1 < tokens.length && token !== tokens[i + 1]);
  if (parted !== -1) {
    const what = `target ${parted} is ${targets.data[parted]}, and the next token of model_input ${tokens[parted + 1]}`;
    throw new RrrError("bad-argument", what, {
      hint: "This server scores the tokens that follow each other: target_tokens are model_input from its second token on.",
    });
  }
  return { prompt: tokens.slice(0, 1), targets: targets.data, weights };
}
