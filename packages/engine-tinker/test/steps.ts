import type { AdamSettings, Datum, Engine, Loss } from "@rrr/trainer";

export const POLICY = {
  kind: "policy-gradient",
  clipLow: 0.2,
  clipHigh: 0.28,
  klCoefficient: 0,
  normalization: { kind: "dapo" },
} as const;

export const ADAM: AdamSettings = { learningRate: 1e-3, maxGradNorm: 1, weightDecay: 0.01 };

/** Targets that the engine samples itself, with weights of both signs. */
export async function sampledData(engine: Engine, seed: number): Promise<readonly Datum[]> {
  const prompts = [1, 9, 20].map((length) => Int32Array.from({ length }, (_, i) => (7 * i + length) % 48));
  const sampled = await Promise.all(
    prompts.map((prompt) => engine.sample(prompt, { n: 2, maxTokens: 12, temperature: 1, seed })),
  );
  return prompts.flatMap((prompt, p) =>
    (sampled[p] ?? []).map(({ tokens, logprobs }, i) => ({
      prompt,
      targets: tokens,
      logprobs,
      reference: logprobs.map((logprob, t) => logprob + 0.1 * Math.sin(t)),
      weights: new Float32Array(tokens.length).fill(i === 0 ? 1 : -0.5 * (p + 1)),
    })),
  );
}

/** Steps as training makes them. @returns what each reported */
export async function takeSteps(
  engine: Engine,
  steps: number,
  loss: Loss = POLICY,
): Promise<readonly object[]> {
  const reports: object[] = [];
  for (let step = 0; step < steps; step++) {
    const data = await sampledData(engine, step);
    const report = await engine.forwardBackward(data, loss);
    reports.push({ ...report, ...(await engine.optimStep(ADAM)) });
  }
  return reports;
}
