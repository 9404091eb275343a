import type { SampleOptions, TokenCompletion } from "../engine.ts";
import { expectError } from "./expect-error.ts";
import type { Report, Subject } from "./test-engine.ts";

/** Float32 arithmetic in another order differs by about this much, in nats. */
const tolerance = 1e-4;

/** What `sample` gives is well-formed, scored alike by `forward`, and reproducible where that is claimed. */
export async function checkSampling({ engine, prompts, skip }: Subject, report: Report): Promise<void> {
  const { seeds } = engine.capabilities;
  if (!seeds) skip("the same prompt and seed give the same tokens", "capabilities.seeds is false");
  const optionsOf = (index: number): SampleOptions => ({
    n: 1 + (index % 3),
    maxTokens: 5 + 3 * index,
    temperature: index % 3 === 2 ? 0 : 1,
    seed: 1000 + index,
  });
  const together = await Promise.all(prompts.map((prompt, i) => engine.sample(prompt, optionsOf(i))));
  for (const [i, prompt] of prompts.entries()) {
    const options = optionsOf(i);
    const batched = together[i] ?? [];
    const alone = await engine.sample(prompt, options);
    if (seeds && batched.map(textOf).join() !== alone.map(textOf).join()) {
      report(
        "not-reproducible",
        `prompt ${i} gave ${alone.map(textOf)} alone, ${batched.map(textOf)} among others`,
      );
    }
    if (alone.length !== options.n)
      report("bad-completion", `${alone.length} completions instead of ${options.n}`);
    for (const completion of alone) checkCompletion(completion, options, engine.tokenizer.stopIds, report);
    const scored = await engine.forward(
      alone.map(({ tokens, logprobs }) => ({ prompt, targets: tokens, weights: logprobs })),
    );
    for (const [c, { logprobs }] of alone.entries()) {
      const worst = Math.max(
        ...logprobs.map((logprob, t) => Math.abs(logprob - (scored[c]?.[t] ?? Number.NaN))),
      );
      if (!(worst < tolerance))
        report("logprobs-differ", `prompt ${i}, completion ${c}: by up to ${worst} nats`);
    }
  }
  await checkErrors({ engine, prompts }, report);
}

async function checkErrors(
  { engine, prompts }: Pick<Subject, "engine" | "prompts">,
  report: Report,
): Promise<void> {
  const prompt = prompts[0] as Int32Array;
  const options = { n: 1, maxTokens: 4, temperature: 1, seed: 0 };
  const maxTokens = engine.contextLength;
  await expectError(
    () => engine.sample(prompt, { ...options, maxTokens }),
    "context-overflow",
    "a long sample",
    report,
  );
  await expectError(
    () => engine.sample(new Int32Array(0), options),
    "bad-argument",
    "an empty prompt",
    report,
  );
  await expectError(
    () => engine.sample(prompt, { ...options, signal: AbortSignal.abort() }),
    "aborted",
    "a sample that was aborted before",
    report,
  );
  const controller = new AbortController();
  const call = engine.sample(prompt, { ...options, n: 50, maxTokens: 60, signal: controller.signal });
  setImmediate(() => controller.abort());
  await expectError(() => call, "aborted", "an aborted sample", report);
}

function checkCompletion(
  { tokens, logprobs, finish }: TokenCompletion,
  { maxTokens }: SampleOptions,
  stopIds: readonly number[],
  report: Report,
): void {
  const stop = tokens.findIndex((token) => stopIds.includes(token));
  const length = stop === -1 ? maxTokens : stop + 1;
  if (
    tokens.length !== length ||
    logprobs.length !== length ||
    finish !== (stop === -1 ? "length" : "stop")
  ) {
    const what = `${tokens.length} tokens, ${logprobs.length} logprobs, "${finish}"`;
    report("bad-completion", `${what}; its first stop token is at ${stop}, maxTokens is ${maxTokens}`);
  }
  if (!logprobs.every((logprob) => logprob <= 0)) report("bad-completion", `log-probabilities ${logprobs}`);
}

function textOf({ tokens }: TokenCompletion): string {
  return `[${tokens}]`;
}
