/**
 * What a LoRA step on a real model takes: seconds and the highest resident memory, part by part.
 *
 *     npx tsx benchmarks/real-model/lora-memory.ts FOLDER [sampled tokens] [trained sequences] [memory, e.g. 3GB]
 *
 * Eight prompts of 200 tokens get eight completions each, 64 rows at once. Then sequences of such a prompt and 64 tokens are
 * scored under the policy as it was opened and stepped on, twice. On a slow machine fewer tokens (default 64) and sequences
 * (default 64) show the same heights: batches have the same shapes.
 */
import engine from "@rrr/engine-onnx";
import type { Datum } from "@rrr/trainer";

const [folder = "", tokensEach = "64", trained = "64", memory] = process.argv.slice(2);
const started = performance.now();
let last = started;

function say(what: string): void {
  const now = performance.now();
  const peak = process.resourceUsage().maxRSS / 2 ** 20;
  const rss = process.memoryUsage().rss / 2 ** 30;
  console.log(
    `${what.padEnd(46)} ${((now - last) / 1000).toFixed(1).padStart(7)} s   rss ${rss.toFixed(2)} GiB   highest ${peak.toFixed(2)} GiB`,
  );
  last = now;
}

const policy = await engine.open({
  model: folder,
  options: { lora: 16, ...(memory === undefined ? {} : { memory }) },
  use: "train",
});
say("opened");
for (const note of policy.notes ?? []) console.log(note);
await policy.weightsVersion();
say("version of the weights");
const { vocabSize } = policy.tokenizer;
const prompts = Array.from({ length: 8 }, (_, p) =>
  Int32Array.from({ length: 200 }, (_, i) => (101 + 7 * p + 13 * i) % Math.min(vocabSize, 5_000)),
);
const data: Datum[] = [];
const completions = await Promise.all(
  prompts.map((prompt, seed) =>
    policy.sample(prompt, { n: 8, maxTokens: Number(tokensEach), temperature: 1, seed }),
  ),
);
completions.forEach((group, p) => {
  group.forEach(({ tokens, logprobs }, g) => {
    const weights = new Float32Array(tokens.length).fill(g % 2 === 0 ? 1 : -1);
    data.push({ prompt: prompts[p] as Int32Array, targets: tokens, logprobs, weights });
  });
});
say(`sampled ${data.length} rows, ${data.reduce((sum, { targets }) => sum + targets.length, 0)} tokens`);
const scored = data.slice(0, 4);
const again = (await policy.initial?.forward(scored)) ?? [];
say("scored four of them");
const gap = Math.max(
  ...scored.map(({ logprobs }, i) =>
    Math.max(...(logprobs ?? []).map((logprob, t) => Math.abs(logprob - (again[i]?.[t] as number)))),
  ),
);
console.log(`largest difference between sampling and scoring: ${gap.toExponential(2)} nats`);
const long = data.slice(0, Number(trained)).map((datum) => ({
  ...datum,
  targets: Int32Array.from({ length: 64 }, (_, t) => datum.targets[t % datum.targets.length] as number),
  weights: new Float32Array(64).fill(datum.weights[0] as number),
}));
const reference = (await policy.initial?.forward(long)) ?? [];
say(`scored ${long.length} sequences of 264 tokens`);
for (let step = 1; step <= 2; step++) {
  const loss = {
    ...({ kind: "policy-gradient", clipLow: 0.2, clipHigh: 0.2, klCoefficient: 0.03 } as const),
    normalization: { kind: "dapo" },
  } as const;
  await policy.forwardBackward(
    long.map((datum, i) => ({
      ...datum,
      logprobs: reference[i] as Float32Array,
      reference: reference[i] as Float32Array,
    })),
    loss,
  );
  const { gradNorm } = await policy.optimStep({ learningRate: 1e-4, maxGradNorm: 1 });
  say(`step ${step}, gradient norm ${gradNorm.toExponential(2)}`);
}
await policy.close();
say("closed");
