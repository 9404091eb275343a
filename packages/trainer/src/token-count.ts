import type { Completion, Model } from "@rrr/core";

/** Sampled tokens of a completion; 0 for a model that does not say. */
export function tokenCount(completion: Completion): number {
  return completion.tokens?.ids.length ?? 0;
}

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
      for (const completion of completions) sampled += tokenCount(completion);
      return completions;
    },
  };
  return { model: counting, sampledTokens: () => sampled };
}
