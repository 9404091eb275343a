import { RrrError } from "@rrr/core";
import type { SampleOptions } from "../engine.ts";
import type { DecoderConfig } from "../model-files/config.ts";
import { checkTokens } from "./check-data.ts";

/** @throws bad-argument for a call that makes no sense, context-overflow for one that has no room */
export function checkSample(config: DecoderConfig, prompt: Int32Array, options: SampleOptions): void {
  const { n, maxTokens, temperature } = options;
  checkAtLeast("sample: n", n, 1);
  checkAtLeast("sample: maxTokens", maxTokens, 1);
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw new RrrError(
      "bad-argument",
      `sample: the temperature is ${temperature}, not a number of at least 0`,
    );
  }
  if (prompt.length === 0) throw new RrrError("bad-argument", "sample: the prompt is empty");
  checkTokens(config, prompt, "sample: the prompt");
  if (prompt.length + maxTokens > config.maxPositions) {
    throw new RrrError(
      "context-overflow",
      `a prompt of ${prompt.length} tokens and ${maxTokens} to write exceed the context of ${config.maxPositions}${config.positionsLimit === undefined ? "" : `: ${config.positionsLimit}`}`,
      { hint: "Lower the token limits, or use a model with a longer context." },
    );
  }
}

/** @throws bad-argument unless it is a whole number of at least that */
export function checkAtLeast(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RrrError("bad-argument", `${name} is ${value}, not a whole number of at least ${least}`);
}
