import { RrrError } from "@rrr/core";
import type { WireDatum } from "@rrr/tinker-protocol";
import type { Datum } from "@rrr/trainer";

/**
 * A sequence as engines take it, still without weights: the first token is the prompt, every other one a target.
 * @param counts whether a target is of the loss; where it is not, a client may write what it likes in place of the token
 *   that follows
 * @throws RrrError `bad-argument` where targets that count are not the tokens that follow
 */
export function toDatum({ tokens, inputs }: WireDatum, counts: (position: number) => boolean): Datum {
  const targets = inputs.target_tokens;
  if (targets?.kind !== "ints") throw new RrrError("bad-argument", "loss_fn_inputs has no target_tokens");
  if (tokens.length === 0) throw new RrrError("bad-argument", "model_input is empty");
  if (targets.data.length !== tokens.length) {
    const counts = `${targets.data.length} target_tokens for ${tokens.length} tokens`;
    throw new RrrError("bad-argument", counts);
  }
  const parted = partings(tokens, targets.data).find(counts);
  if (parted !== undefined) {
    const what = `target ${parted} is ${targets.data[parted]}, and the next token of model_input ${tokens[parted + 1]}`;
    throw new RrrError("bad-argument", what, {
      hint: "This server scores the tokens that follow each other: target_tokens are model_input from its second token on.",
    });
  }
  const following = Int32Array.from(targets.data, (token, i) => tokens[i + 1] ?? token);
  return { prompt: tokens.slice(0, 1), targets: following, weights: new Float32Array(tokens.length) };
}

/** Positions whose target is not the token that follows. */
export function partings(tokens: Int32Array, targets: Int32Array): readonly number[] {
  return [...targets.keys()].filter((i) => i + 1 < tokens.length && targets[i] !== tokens[i + 1]);
}
