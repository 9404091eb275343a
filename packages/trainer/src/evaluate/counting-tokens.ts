import { type Model, tokenCount } from "@rrr/core";

/** The same model, and a count of what it has sampled through this view of it. */
export function countingTokens(model: Model): {
  readonly model: Model;
  readonly sampledTokens: () => number;
} {
  let sampled = 0;
  const counting: Model = {
    id: model.id,
    async generate(prompt, options) {
      const completions = await model.generate(prompt, options);
      for (const completion of completions) sampled += tokenCount(completion) ?? 0;
      return completions;
    },
  };
  return { model: counting, sampledTokens: () => sampled };
}
