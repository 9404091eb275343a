import { RrrError } from "@rrr/core";
import type { Datum, Loss, SampleOptions } from "@rrr/trainer";

/** What a model can take: servers check little, and answer noise. */
export interface Bounds {
  readonly vocabSize: number;
  readonly contextLength: number;
}

/** @throws RrrError `bad-argument`, `context-overflow` */
export function checkData(bounds: Bounds, data: readonly Datum[], loss?: Loss): void {
  const isPolicy = loss?.kind === "policy-gradient";
  if (loss !== undefined && !isPolicy && loss.kind !== "cross-entropy")
    throw bad("the loss is of no known kind");
  data.forEach(({ prompt, targets, weights, logprobs, reference }, index) => {
    const what = `datum ${index}`;
    if (isPolicy && logprobs === undefined) throw bad(`${what}: logprobs are missing, which this loss needs`);
    if (isPolicy && loss.klCoefficient !== 0 && reference === undefined) {
      throw bad(`${what}: reference is missing, which this loss needs`);
    }
    if (prompt.length === 0) throw bad(`${what}: the prompt is empty`);
    if (targets.length === 0) throw bad(`${what}: there are no targets`);
    for (const [name, values] of Object.entries({ weights, logprobs, reference })) {
      if (values !== undefined && values.length !== targets.length) {
        throw bad(`${what}: ${values.length} ${name} for ${targets.length} targets`);
      }
    }
    checkTokens(bounds, prompt, what);
    checkTokens(bounds, targets, what);
    checkLength(bounds, prompt.length + targets.length, what);
  });
}

/** @throws RrrError `bad-argument`, `context-overflow` */
export function checkSample(bounds: Bounds, prompt: Int32Array, options: SampleOptions): void {
  const { n, maxTokens, temperature } = options;
  for (const [name, value] of Object.entries({ n, maxTokens })) {
    if (!Number.isInteger(value) || value < 1)
      throw bad(`sample: ${name} is ${value}, not a whole number of at least 1`);
  }
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw bad(`sample: the temperature is ${temperature}, not a number of at least 0`);
  }
  if (prompt.length === 0) throw bad("sample: the prompt is empty");
  checkTokens(bounds, prompt, "sample: the prompt");
  checkLength(bounds, prompt.length + maxTokens, "sample: prompt and completion");
}

function checkTokens({ vocabSize }: Bounds, tokens: Int32Array, what: string): void {
  const wrong = tokens.find((token) => token < 0 || token >= vocabSize);
  if (wrong !== undefined) throw bad(`${what}: token ${wrong} is not in the vocabulary of ${vocabSize}`);
}

function checkLength({ contextLength }: Bounds, length: number, what: string): void {
  if (length <= contextLength) return;
  throw new RrrError("context-overflow", `${what}: ${length} tokens exceed the context of ${contextLength}`, {
    hint: "Lower the token limits, or use a model with a longer context.",
  });
}

function bad(message: string): RrrError {
  return new RrrError("bad-argument", message);
}
