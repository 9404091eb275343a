import type { Completion, Model } from "@rrr/core";

export const BATCH = 20;
const REQUEST = { n: 2, maxTokens: 8, temperature: 1 };

/** Answers say what they answer, at length; `asked` counts the requests. */
export function longAnswers(): Model & { asked: number } {
  return {
    id: "long",
    asked: 0,
    async generate(prompt, { n = 1, seed }) {
      this.asked++;
      const text = `${prompt.at(-1)?.content} ${seed} ${"text ".repeat(100)}`;
      return Array.from({ length: n }, (_, i): Completion => ({ text: `${text}${i}`, finish: "stop" }));
    },
  };
}

/** The requests of a batch, all at once. */
export function askBatch(model: Model, batch: number): Promise<readonly (readonly Completion[])[]> {
  return Promise.all(
    Array.from({ length: BATCH }, (_, seed) =>
      model.generate([{ role: "user", content: `batch ${batch}` }], { ...REQUEST, seed }),
    ),
  );
}
