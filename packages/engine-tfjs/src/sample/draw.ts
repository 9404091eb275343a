import type { CompletionWriter } from "@rrr/trainer/local";

/**
 * The token at which the running sum of probabilities passes the writer's uniform number, or the likeliest one where that
 * number is negative; and its log-probability, nats. Both at the writer's temperature.
 */
export function draw(
  scores: Float32Array,
  writer: CompletionWriter,
): { readonly token: number; readonly logprob: number } {
  const { inverseTemperature } = writer;
  let top = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) return { token: 0, logprob: Number.NaN };
    if ((scores[i] as number) > (scores[top] as number)) top = i;
  }
  const logWeight = (token: number): number =>
    ((scores[token] as number) - (scores[top] as number)) * inverseTemperature;
  let total = 0;
  for (let i = 0; i < scores.length; i++) total += Math.exp(logWeight(i));
  const uniform = writer.nextUniform();
  let token = top;
  if (uniform >= 0) {
    token = 0;
    let passed = Math.exp(logWeight(0));
    while (passed <= uniform * total && token < scores.length - 1) passed += Math.exp(logWeight(++token));
  }
  return { token, logprob: logWeight(token) - Math.log(total) };
}
