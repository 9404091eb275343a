import type { Message } from "../message.ts";
import type { Completion, GenerateOptions, Model } from "../model.ts";

/** What the model was asked: `index` counts the completions of one request. */
export interface ScriptedRequest {
  readonly prompt: readonly Message[];
  /** Content of the last turn. */
  readonly last: string;
  readonly options: GenerateOptions;
  readonly index: number;
}

/** A model whose answers are written down: for tests of tasks and loops, with no weights at all. */
export function scriptedModel(
  script: (request: ScriptedRequest) => string | Completion,
  id = "scripted",
): Model {
  return {
    id,
    async generate(prompt, options) {
      options.signal?.throwIfAborted();
      const last = prompt.at(-1)?.content ?? "";
      return Array.from({ length: options.n ?? 1 }, (_, index): Completion => {
        const answer = script({ prompt, last, options, index });
        return typeof answer === "string" ? { text: answer, finish: "stop" } : answer;
      });
    },
  };
}
