import type { Report, Subject } from "./test-engine.ts";

/** Away from 0 and 1, and flat, so that several tokens come. */
const temperature = 2;

/**
 * The log-probabilities of `sample` are at the temperature that is claimed. Only differences between two tokens are
 * compared: the whole vocabulary, which may be larger than the tokenizer's, is not needed for them.
 */
export async function checkTemperature({ engine, prompts, skip }: Subject, report: Report): Promise<void> {
  const prompt = prompts.at(-1) as Int32Array;
  const sampled = await engine.sample(prompt, { n: 24, maxTokens: 1, temperature, seed: 5 });
  const given = new Map(sampled.map(({ tokens, logprobs }) => [tokens[0] as number, logprobs[0] as number]));
  const drawn = [...given.keys()];
  if (drawn.length < 2) {
    skip(
      "the temperature of log-probabilities",
      `24 draws at temperature ${temperature} gave one token only`,
    );
    return;
  }
  const scored = await engine.forward(
    drawn.map((token) => ({ prompt, targets: Int32Array.of(token), weights: Float32Array.of(0) })),
  );
  const { logprobs } = engine.capabilities;
  const at = logprobs === "one" ? 1 : temperature;
  const rest = drawn.map((token, i) => (given.get(token) as number) - (scored[i]?.[0] as number) / at);
  const spread = Math.max(...rest) - Math.min(...rest);
  if (!(spread < 1e-4)) {
    const claim = `capabilities.logprobs is "${logprobs}"`;
    report("logprobs-differ", `at temperature ${temperature} they are off by up to ${spread} nats; ${claim}`);
  }
}
