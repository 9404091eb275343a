import type { AdamSettings, Datum, Engine, Loss, PolicyGradientLoss } from "../engine.ts";
import { expectError } from "./expect-error.ts";
import { plainStep } from "./free-settings.ts";
import {
  bonusOf,
  claimedLosses,
  dataFor,
  lossByDefinition,
  ratioOf,
  sampleData,
  unclaimed,
} from "./sample-data.ts";
import type { Report, Subject } from "./test-engine.ts";

/** Losses are what they are defined to be, gradients are their slopes, and come from target tokens alone. */
export async function checkGradients({ engine, prompts, dir, skip }: Subject, report: Report): Promise<void> {
  const all = await sampleData(engine, prompts);
  const start = await engine.saveState(`${dir}/start`);
  const reset = (): Promise<void> => engine.loadState(start);
  const plain = plainStep(engine);
  if (plain === undefined) {
    skip("gradients are slopes", `capabilities.fixed is ${JSON.stringify(engine.capabilities.fixed)}`);
  }
  for (const [what, why] of unclaimed(engine)) skip(what, why);
  for (const loss of claimedLosses(engine)) {
    const data = dataFor(loss, all);
    await checkReport(engine, loss, data, report);
    await reset();
    if (plain === undefined) continue;
    await checkSlope(engine, plain, loss, data, reset, report);
    await reset();
  }
  const even = evenLoss(engine);
  if (even === undefined) {
    skip("only tokens with an advantage carry a gradient", "no normalisation counts all tokens alike");
    return;
  }
  await checkLeaks(engine, even, all, report);
  await checkDivergence(engine, even, all, report);
}

async function checkReport(
  engine: Engine,
  loss: Loss,
  data: readonly Datum[],
  report: Report,
): Promise<void> {
  const now = await engine.forward(data);
  const given = await engine.forwardBackward(data, loss);
  const flat = data.flatMap((datum, i) =>
    Array.from(now[i] ?? [], (logprob, t) => ({
      logprob,
      delta: (datum.reference?.[t] as number) - logprob,
      clipped: isClipped(loss, datum, now[i] ?? [], t),
    })),
  );
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / flat.length;
  const expected = {
    // The entropy of whole distributions is the engine's own: target tokens do not tell it.
    loss: lossByDefinition(loss, data, now) + bonusOf(loss, given),
    tokens: flat.length,
    kl: mean(flat.map(({ delta }) => Math.exp(delta) - delta - 1)),
    entropyEstimate: mean(flat.map(({ logprob }) => -logprob)),
    clipped: mean(flat.map(({ clipped }) => (clipped ? 1 : 0))),
  };
  for (const [name, value] of Object.entries(expected) as [keyof typeof expected, number][]) {
    if (!(Math.abs(given[name] - value) < 1e-4 * (1 + Math.abs(value)))) {
      report("wrong-loss", `${JSON.stringify(loss)}: ${name} is ${given[name]}, by definition ${value}`);
    }
  }
}

/**
 * Whether clipping takes away the token's gradient: its probability has moved far enough the way it should. With
 * `cispo`, whether it bounds it.
 */
function isClipped(loss: Loss, datum: Datum, logprobs: ArrayLike<number>, t: number): boolean {
  const advantage = datum.weights[t] as number;
  if (loss.kind === "cross-entropy" || advantage === 0) return false;
  const ratio = ratioOf(loss, datum, logprobs, t);
  const [low, high] = [ratio < 1 - loss.clipLow, ratio > 1 + loss.clipHigh];
  if (loss.surrogate === "cispo") return low || high;
  return advantage > 0 ? high : low;
}

/** Moves the weights along the gradient g and looks how much the loss falls: h·|g|² for a small h. */
async function checkSlope(
  engine: Engine,
  step: (size: number) => AdamSettings,
  loss: Loss,
  data: readonly Datum[],
  reset: () => Promise<void>,
  report: Report,
): Promise<void> {
  const held = await engine.forward(data);
  const lossNow = async (): Promise<number> => {
    const value = lossByDefinition(loss, data, await engine.forward(data), held);
    if (loss.kind === "cross-entropy" || loss.entropyCoefficient === undefined) return value;
    const report = await engine.forwardBackward(data, loss);
    await engine.optimStep({ learningRate: 0 });
    return value + bonusOf(loss, report);
  };
  const before = await lossNow();
  await reset();
  await engine.forwardBackward(data, loss);
  const square = (await engine.optimStep(step(0))).gradNorm ** 2;
  const slopeOver = async (h: number): Promise<number> => {
    await reset();
    await engine.forwardBackward(data, loss);
    await engine.optimStep(step(h));
    return (before - (await lossNow())) / h;
  };
  // The loss falls by about 0.004, unless the weights would have to move far for it: an adapter's loss bends sooner. Twice
  // the slope over h less that over 2h is free of the curvature.
  const h = Math.min(0.004 / square, 0.1 / Math.sqrt(square));
  const slope = 2 * (await slopeOver(h)) - (await slopeOver(2 * h));
  if (!(Math.abs(slope / square - 1) < 0.03)) {
    report(
      "wrong-gradient",
      `${JSON.stringify(loss)}: the slope along the gradient is ${slope}, |g|² is ${square}`,
    );
  }
}

/** Every token of a call counts alike. */
function evenLoss({ capabilities: { normalizations } }: Engine): PolicyGradientLoss | undefined {
  const common = { kind: "policy-gradient", clipLow: 0.2, clipHigh: 0.2, klCoefficient: 0 } as const;
  if (normalizations.includes("dr_grpo")) {
    return { ...common, normalization: { kind: "dr_grpo", sequences: 1, maxTokens: 1 } };
  }
  return normalizations.includes("dapo") ? { ...common, normalization: { kind: "dapo" } } : undefined;
}

async function checkLeaks(
  engine: Engine,
  even: PolicyGradientLoss,
  data: readonly Datum[],
  report: Report,
): Promise<void> {
  const norm = async (batch: readonly Datum[], loss: Loss): Promise<number> => {
    await engine.forwardBackward(batch, loss);
    return (await engine.optimStep({ learningRate: 0 })).gradNorm;
  };
  const without = data.map((datum) => ({ ...datum, weights: new Float32Array(datum.targets.length) }));
  for (const loss of [even, { kind: "cross-entropy" } as const]) {
    const left = await norm(without, loss);
    if (left !== 0)
      report("gradient-leaks", `${loss.kind}: with weights of 0 the gradient's norm is ${left}`);
  }
  // One target with a weight, against the same token as the only target of a longer prompt: if nothing but that
  // token has a gradient, the two cancel.
  const { prompt, targets, logprobs = new Float32Array(0) } = data.at(-1) as Datum;
  const at = Math.floor(targets.length / 2);
  const among: Datum = {
    prompt,
    targets,
    logprobs,
    weights: new Float32Array(targets.length).fill(1, at, at + 1),
  };
  const only: Datum = {
    prompt: Int32Array.of(...prompt, ...targets.subarray(0, at)),
    targets: targets.slice(at, at + 1),
    logprobs: logprobs.slice(at, at + 1),
    weights: Float32Array.of(-1),
  };
  const ratioOne = async (datum: Datum): Promise<Datum> => ({
    ...datum,
    logprobs: (await engine.forward([datum]))[0] as Float32Array,
  });
  const [one, other] = [await ratioOne(among), await ratioOne(only)];
  const alone = await norm([one], even);
  const both = await norm([one, other], even);
  if (!(both < 1e-3 * alone)) {
    report(
      "gradient-leaks",
      `other tokens than the one with a weight give ${both} of a gradient of ${alone}`,
    );
  }
}

async function checkDivergence(
  engine: Engine,
  even: PolicyGradientLoss,
  data: readonly Datum[],
  report: Report,
): Promise<void> {
  const impossible = data.map((datum) => ({
    ...datum,
    logprobs: new Float32Array(datum.targets.length).fill(-1e9),
    weights: new Float32Array(datum.targets.length).fill(-1),
  }));
  const step = async (): Promise<void> => {
    await engine.forwardBackward(impossible, even);
    await engine.optimStep({ learningRate: 0 });
  };
  await expectError(step, "diverged", "a loss that is infinite", report);
}
