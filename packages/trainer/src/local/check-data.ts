import { RrrError } from "@rrr/core";
import type { Datum, Loss } from "../engine.ts";
import type { DecoderConfig } from "../model-files/config.ts";

/** @throws bad-argument for a datum that makes no sense, context-overflow for one that is too long. */
export function checkData(config: DecoderConfig, data: readonly Datum[], loss?: Loss): void {
  data.forEach((datum, index) => {
    const fail = (what: string): never => {
      throw new RrrError("bad-argument", `datum ${index}: ${what}`);
    };
    const { prompt, targets } = datum;
    if (prompt.length === 0) fail("the prompt is empty");
    if (targets.length === 0) fail("there are no targets");
    checkTokens(config, prompt, `datum ${index}`);
    checkTokens(config, targets, `datum ${index}`);
    // The last target is only predicted.
    const length = prompt.length + targets.length - 1;
    if (length > config.maxPositions) {
      throw new RrrError(
        "context-overflow",
        `datum ${index} has ${length} tokens; the model's context is ${config.maxPositions}`,
      );
    }
    if (loss === undefined) return;
    const policy = loss.kind === "policy-gradient";
    for (const [name, values, needed] of [
      ["weights", datum.weights, true],
      ["logprobs", datum.logprobs, policy],
      ["reference", datum.reference, policy && loss.klCoefficient !== 0],
    ] as const) {
      if (values === undefined) {
        if (needed) fail(`${name} are missing, which this loss needs`);
      } else if (values.length !== targets.length) {
        fail(`${values.length} ${name} for ${targets.length} targets`);
      } else if (needed && !values.every(Number.isFinite)) {
        fail(`${name} hold a value that is no number`);
      }
    }
  });
}

/** @throws bad-argument for an id that is not in the vocabulary. */
export function checkTokens(config: DecoderConfig, tokens: Int32Array, owner: string): void {
  for (const token of tokens) {
    if (token < 0 || token >= config.vocabSize) {
      throw new RrrError(
        "bad-argument",
        `${owner}: token ${token} is not in the vocabulary of ${config.vocabSize}`,
      );
    }
  }
}
