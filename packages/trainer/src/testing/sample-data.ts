import type { Datum, Engine, Loss, PolicyGradientLoss } from "../engine.ts";

/** Some within the bounds of clipping and some outside, none so near to them that a small step would cross. */
const shifts = [0.02, -0.5, 0.1, 0.5, -0.1, 0];

/**
 * Sequences with weights of both signs and log-probabilities of policies a little off the engine's, so that some
 * ratios are clipped on either side.
 */
export async function sampleData(engine: Engine, prompts: readonly Int32Array[]): Promise<readonly Datum[]> {
  const size = engine.tokenizer.vocabSize;
  const bare = prompts.map((prompt, i) => {
    const targets = Int32Array.from({ length: 3 + 2 * i }, (_, t) => (5 * t + 11 * i + 1) % size);
    return { prompt, targets, weights: targets.map((_, t) => (t + i) % 2) };
  });
  const now = await engine.forward(
    bare.map((datum) => ({ ...datum, weights: new Float32Array(datum.targets.length) })),
  );
  return bare.map(({ prompt, targets }, i) => {
    const shifted = (by: (t: number) => number): Float32Array =>
      Float32Array.from(targets, (_, t) => (now[i]?.[t] as number) + by(t));
    return {
      prompt,
      targets,
      weights: Float32Array.from(targets, (_, t) => Math.sin(2 * t + i)),
      logprobs: shifted((t) => shifts[(t + 2 * i) % shifts.length] as number),
      reference: shifted((t) => 0.3 * Math.sin(t + 2 * i)),
    };
  });
}

const policy: PolicyGradientLoss = {
  kind: "policy-gradient",
  clipLow: 0.2,
  clipHigh: 0.28,
  klCoefficient: 0.1,
  normalization: { kind: "grpo" },
};

/** Every kind of loss and normalisation. */
const LOSSES: readonly Loss[] = [
  { kind: "cross-entropy" },
  policy,
  { ...policy, klCoefficient: 0 },
  { ...policy, normalization: { kind: "dapo" } },
  { ...policy, normalization: { kind: "dr_grpo", sequences: 5, maxTokens: 16 } },
];

/** Those that an engine computes as asked. */
export function claimedLosses({ capabilities: { normalizations } }: Engine): readonly Loss[] {
  return LOSSES.filter(
    (loss) => loss.kind === "cross-entropy" || normalizations.includes(loss.normalization.kind),
  );
}

/** Names of the normalisations that it does not. */
export function unclaimedNormalizations({ capabilities: { normalizations } }: Engine): readonly string[] {
  const all = LOSSES.flatMap((loss) => (loss.kind === "cross-entropy" ? [] : [loss.normalization.kind]));
  return [...new Set(all)].filter((kind) => !normalizations.includes(kind));
}

/** The data as a loss takes them: cross-entropy's weights are 0 or 1. */
export function dataFor(loss: Loss, data: readonly Datum[]): readonly Datum[] {
  if (loss.kind === "policy-gradient") return data;
  return data.map((datum) => ({
    ...datum,
    weights: datum.weights.map((weight) => (weight > -0.5 ? 1 : 0)),
  }));
}

/** A loss as its definition gives it, in float64, from each datum's log-probabilities. */
export function lossByDefinition(
  loss: Loss,
  data: readonly Datum[],
  logprobs: readonly ArrayLike<number>[],
): number {
  const terms = data.map(({ weights, logprobs: sampled, reference }, i) =>
    Array.from(weights, (weight, t) => {
      const logprob = logprobs[i]?.[t] as number;
      if (loss.kind === "cross-entropy") return -weight * logprob;
      const ratio = Math.exp(logprob - (sampled?.[t] as number));
      const clipped = Math.min(Math.max(ratio, 1 - loss.clipLow), 1 + loss.clipHigh);
      const delta = loss.klCoefficient === 0 ? 0 : (reference?.[t] as number) - logprob;
      return -Math.min(ratio * weight, clipped * weight) + loss.klCoefficient * (Math.exp(delta) - delta - 1);
    }),
  );
  const total = terms.flat().reduce((sum, term) => sum + term, 0);
  if (loss.kind === "cross-entropy") {
    return total / data.flatMap(({ weights }) => [...weights]).reduce((sum, weight) => sum + weight, 0);
  }
  if (loss.normalization.kind === "dapo") return total / terms.flat().length;
  if (loss.normalization.kind === "dr_grpo") {
    return total / (loss.normalization.sequences * loss.normalization.maxTokens);
  }
  const means = terms.map((row) => row.reduce((sum, term) => sum + term, 0) / row.length);
  return means.reduce((sum, mean) => sum + mean, 0) / means.length;
}
