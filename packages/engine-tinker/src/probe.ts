import { RrrError } from "@rrr/core";
import type { Json } from "@rrr/tinker-protocol";
import type { Datum, EngineCapabilities, SampleOptions, TokenCompletion, Tokenizer } from "@rrr/trainer";
import { CARRIER, type Reduction, toWire } from "./carrier.ts";
import { targetsOf } from "./scores.ts";
import type { RemoteModel } from "./wire/remote-model.ts";

/** Adam at rate 0: the weights stay, and the norm of the gradient is told. */
const REST = {
  learningRate: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 0,
} as const;

/** A real text of at least two tokens: half of it is the prompt. */
export function probeDatum(tokenizer: Tokenizer): Datum {
  const tokens = tokenizer.encode("What is 2 + 2? It is 4, and 3 + 3 is 6.");
  const half = Math.ceil(tokens.length / 2);
  const targets = tokens.slice(half);
  return { prompt: tokens.slice(0, half), targets, weights: new Float32Array(targets.length).fill(1) };
}

/**
 * How the server reduces: a datum that comes twice doubles the gradient of a sum, and leaves a mean as it is.
 * @param model is thrown away afterwards: its optimiser has seen a gradient
 * @param asked what the user says of the server; `auto` finds it out
 * @returns the server's metrics too, which tell servers apart
 * @throws RrrError `model-failed` where the server does not tell the gradient's norm, or does neither
 */
export async function findReduction(
  model: RemoteModel,
  datum: Datum,
  asked: Reduction | "auto",
): Promise<{ readonly reduction: Reduction; readonly metrics: Json }> {
  const now = await scored(model, datum);
  const wire = toWire(datum, { logprobs: now, advantages: datum.weights });
  const step = async (data: readonly (typeof wire)[]): Promise<Json> => {
    await model.forwardBackward(data, CARRIER, false);
    return model.optimStep(REST);
  };
  const metrics = await step([wire]);
  if (asked !== "auto") return { reduction: asked, metrics };
  const [one, two] = [gradNormOf(metrics), gradNormOf(await step([wire, wire]))];
  const ratio = (two ?? Number.NaN) / (one ?? Number.NaN);
  if (Math.abs(ratio - 2) < 0.02) return { reduction: "sum", metrics };
  if (Math.abs(ratio - 1) < 0.02) return { reduction: "datum-mean", metrics };
  const seen =
    one === undefined ? "it tells no norm" : `the gradient of a datum has norm ${one}, of two like it ${two}`;
  throw new RrrError("model-failed", `how the server reduces losses cannot be found out: ${seen}`, {
    hint: "Look it up for this server, and give --engine.reduction sum or datum-mean.",
  });
}

/** The norm of the gradient in a server's metrics; servers name it differently. */
export function gradNormOf(metrics: Json): number | undefined {
  const found = Object.entries(metrics).find(([name]) => /grad(ient)?_?(l2|norm)/i.test(name));
  return typeof found?.[1] === "number" ? found[1] : undefined;
}

export async function scored(model: RemoteModel, datum: Datum): Promise<Float32Array> {
  const { outputs } = await model.forwardBackward([toWire(datum)], "cross_entropy", true);
  return targetsOf(datum, outputs[0]?.logprobs);
}

/**
 * Whether a seed gives the same tokens, alone and among other samples, and what temperature log-probabilities are at.
 * @param sample as the engine does
 */
export async function findSampling(
  sample: (prompt: Int32Array, options: SampleOptions) => Promise<readonly TokenCompletion[]>,
  score: (datum: Datum) => Promise<Float32Array>,
  { prompt }: Datum,
): Promise<Pick<EngineCapabilities, "seeds" | "logprobs">> {
  // Hot enough that tokens differ, and that log-probabilities at 1 are others.
  const options = { n: 1, maxTokens: 12, temperature: 2, seed: 7 };
  const [alone] = await sample(prompt, options);
  const among = await Promise.all([7, 8, 9].map((seed) => sample(prompt, { ...options, seed })));
  const again = among[0]?.[0];
  if (alone === undefined || again === undefined) {
    throw new RrrError("model-failed", "the server gives no sample");
  }
  const { tokens, logprobs } = alone;
  const now = await score({ prompt, targets: tokens, weights: new Float32Array(tokens.length) });
  const isAtOne = logprobs.every((logprob, t) => Math.abs(logprob - (now[t] as number)) < 0.01);
  return { seeds: tokens.join() === again.tokens.join(), logprobs: isAtOne ? "one" : "sampling" };
}
