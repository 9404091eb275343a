import { type Model, tokenCount } from "@rrr/core";

/** A model that counts what it samples, for showing speed while results are still waiting for each other. */
export interface Meter {
  readonly model: Model;
  /** Tokens sampled so far. */
  tokens(): number;
}

export function createMeter(model: Model): Meter {
  let tokens = 0;
  return {
    tokens: () => tokens,
    model: {
      id: model.id,
      async generate(prompt, options) {
        const completions = await model.generate(prompt, options);
        for (const completion of completions) tokens += tokenCount(completion) ?? 0;
        return completions;
      },
    },
  };
}
