import { RrrError } from "@rrr/core";

/**
 * The token at which the running sum of probabilities passes a uniform number; transformers.js samples by a
 * generator of its own, which all requests would share.
 * @param scores logits of one position, `[vocabulary]`
 * @param temperature 0 = the likeliest token, the first of equals
 * @param uniform in (0, 1)
 * @throws diverged where the scores are not numbers
 */
export function draw(scores: Float32Array, temperature: number, uniform: number): number {
  const best = argMax(scores);
  if (temperature === 0) return best;
  const top = scores[best] as number;
  const running = new Float64Array(scores.length);
  let sum = 0;
  for (let token = 0; token < scores.length; token++) {
    sum += Math.exp(((scores[token] as number) - top) / temperature);
    running[token] = sum;
  }
  // The number is below 1, but rounding may make the product the sum itself.
  const drawn = running.findIndex((reached) => reached > uniform * sum);
  return drawn === -1 ? best : drawn;
}

function argMax(scores: Float32Array): number {
  let best = 0;
  for (let token = 0; token < scores.length; token++) {
    const score = scores[token] as number;
    if (Number.isNaN(score)) throw diverged(score);
    if (score > (scores[best] as number)) best = token;
  }
  const highest = scores[best] as number;
  if (!Number.isFinite(highest)) throw diverged(highest);
  return best;
}

function diverged(score: number): RrrError {
  return new RrrError("diverged", `the model is broken: its highest score is ${score}`, {
    hint: "Its weights are damaged, or too large for their type: download it again, or take another dtype.",
  });
}
