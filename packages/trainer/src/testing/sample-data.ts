import type { Datum, Engine, Loss, LossReport, PolicyGradientLoss } from "../engine.ts";

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

/** Every kind of loss, surrogate and normalisation. */
const LOSSES: readonly Loss[] = [
  { kind: "cross-entropy" },
  policy,
  { ...policy, klCoefficient: 0 },
  { ...policy, normalization: { kind: "dapo" } },
  { ...policy, normalization: { kind: "dr_grpo", sequences: 5, maxTokens: 16 } },
  { ...policy, surrogate: "gspo", clipLow: 0.5, clipHigh: 0.5 },
  { ...policy, surrogate: "cispo", normalization: { kind: "dapo" } },
  { ...policy, entropyCoefficient: 0.5 },
];

/** Those that an engine computes as asked. */
export function claimedLosses({ capabilities }: Engine): readonly Loss[] {
  const { normalizations, surrogates = ["ppo"], entropy = false } = capabilities;
  return LOSSES.filter(
    (loss) =>
      loss.kind === "cross-entropy" ||
      (normalizations.includes(loss.normalization.kind) &&
        surrogates.includes(loss.surrogate ?? "ppo") &&
        (entropy || loss.entropyCoefficient === undefined)),
  );
}

/** What the suite cannot try, since the engine does not claim it, and how that is said. */
export function unclaimed({ capabilities }: Engine): readonly (readonly [what: string, why: string])[] {
  const { normalizations, surrogates = ["ppo"], entropy = false } = capabilities;
  const policies = LOSSES.filter((loss) => loss.kind === "policy-gradient");
  const kinds = new Set(policies.map((loss) => loss.normalization.kind));
  const names = new Set(policies.map(({ surrogate = "ppo" }) => surrogate));
  return [
    ...[...kinds]
      .filter((kind) => !normalizations.includes(kind))
      .map((kind) => [`normalisation ${kind}`, "capabilities.normalizations does not list it"] as const),
    ...[...names]
      .filter((name) => !surrogates.includes(name))
      .map((name) => [`surrogate ${name}`, "capabilities.surrogates does not list it"] as const),
    ...(entropy ? [] : [["entropy bonus", "capabilities.entropy is not true"] as const]),
  ];
}

/** The data as a loss takes them: cross-entropy's weights are 0 or 1. */
export function dataFor(loss: Loss, data: readonly Datum[]): readonly Datum[] {
  if (loss.kind === "policy-gradient") return data;
  return data.map((datum) => ({
    ...datum,
    weights: datum.weights.map((weight) => (weight > -0.5 ? 1 : 0)),
  }));
}

/**
 * A loss as its definition gives it, in float64, from each datum's log-probabilities, before any entropy bonus.
 * @param held the log-probabilities at which what has no gradient is held fast: where the slope is looked for
 */
export function lossByDefinition(
  loss: Loss,
  data: readonly Datum[],
  logprobs: readonly ArrayLike<number>[],
  held: readonly ArrayLike<number>[] = logprobs,
): number {
  const terms = data.map((datum, i) => {
    const own = logprobs[i] ?? [];
    return Array.from(datum.weights, (weight, t) => {
      const logprob = own[t] as number;
      if (loss.kind === "cross-entropy") return -weight * logprob;
      const delta = loss.klCoefficient === 0 ? 0 : (datum.reference?.[t] as number) - logprob;
      const penalty = loss.klCoefficient * (Math.exp(delta) - delta - 1);
      const bounded = (ratio: number): number =>
        Math.min(Math.max(ratio, 1 - loss.clipLow), 1 + loss.clipHigh);
      if (loss.surrogate === "cispo") {
        return penalty - bounded(ratioOf(loss, datum, held[i] ?? [], t)) * weight * logprob;
      }
      const ratio = ratioOf(loss, datum, own, t);
      return penalty - Math.min(ratio * weight, bounded(ratio) * weight);
    });
  });
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

/** π/π_old of a token, or with `gspo` of its sequence. */
export function ratioOf(
  { surrogate }: PolicyGradientLoss,
  { logprobs: old = new Float32Array(0) }: Datum,
  logprobs: ArrayLike<number>,
  t: number,
): number {
  if (surrogate !== "gspo") return Math.exp((logprobs[t] as number) - (old[t] as number));
  return Math.exp(old.reduce((sum, sampled, u) => sum + (logprobs[u] as number) - sampled, 0) / old.length);
}

/** What an entropy bonus adds to a loss, at a mean entropy. */
export function bonusOf(loss: Loss, { entropy }: LossReport): number {
  const coefficient = loss.kind === "policy-gradient" ? (loss.entropyCoefficient ?? 0) : 0;
  return coefficient === 0 ? 0 : -coefficient * (entropy ?? Number.NaN);
}
