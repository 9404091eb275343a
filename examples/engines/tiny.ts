// The smallest engine that keeps the contract: a linear model of which token comes next, in plain TypeScript.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { deriveKey, type OptionSchema, RrrError, schemaOf, uniformAt } from "@rrr/core";
import {
  type Datum,
  defineEngine,
  type Engine,
  type EnginePlugin,
  loadTokenizer,
  lossOf,
  type SampleOptions,
  type TokenCompletion,
  type Tokenizer,
} from "@rrr/trainer";

export interface TinyOptions {
  /** Of the first weights. Default 0. */
  readonly seed?: number;
}

/**
 * A token's logit is the sum of what the last token says of it, and of what each token that was seen so far says: one
 * row of weights for either. A gradient is then a sum over those rows.
 */
export function createTinyEngine(
  tokenizer: Tokenizer,
  { seed = 0 }: TinyOptions = {},
  contextLength = 4096,
): Engine {
  const size = tokenizer.vocabSize;
  if (size > 2_000) {
    throw new RrrError("bad-model", `the tiny engine is for 2,000 tokens at most, the model has ${size}`);
  }
  const weights = Float64Array.from({ length: 2 * size * size }, (_, i) => uniformAt(seed, i) - 0.5);
  const gradient = new Float64Array(weights.length);
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  const steps = new Float64Array(1);
  /** All that training goes on from. */
  const state = [weights, mean, square, steps];

  /** Where the rows begin that speak after a context. */
  const rowsAfter = (context: readonly number[]): number[] =>
    [(context.at(-1) as number) + size, ...new Set(context)].map((row) => row * size);

  /** Log-probabilities of every token in the vocabulary. */
  function scores(rows: readonly number[], temperature: number): Float64Array {
    const logits = new Float64Array(size);
    for (const row of rows)
      for (let v = 0; v < size; v++) logits[v] = at(logits, v) + at(weights, row + v) / temperature;
    const most = logits.reduce((a, b) => Math.max(a, b));
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) + most;
    return logits.map((logit) => logit - total);
  }

  /** Calls back with each target of a datum, and what is known before it. */
  function eachTarget({ prompt, targets }: Datum, see: (t: number, rows: readonly number[]) => void): void {
    check(prompt, targets.length);
    const context = [...prompt];
    targets.forEach((target, t) => {
      see(t, rowsAfter(context));
      context.push(target);
    });
  }

  function forward(data: readonly Datum[]): Float32Array[] {
    return data.map((datum) => {
      const logprobs = new Float32Array(datum.targets.length);
      eachTarget(datum, (t, rows) => {
        logprobs[t] = at(scores(rows, 1), at(datum.targets, t));
      });
      return logprobs;
    });
  }

  function complete(prompt: Int32Array, options: SampleOptions, index: number): TokenCompletion {
    const { temperature, maxTokens } = options;
    const key = deriveKey(options.seed, index);
    const tokens: number[] = [];
    const logprobs: number[] = [];
    for (let stopped = false; tokens.length < maxTokens && !stopped; ) {
      const all = scores(rowsAfter([...prompt, ...tokens]), temperature || 1);
      const token =
        temperature === 0 ? all.indexOf(Math.max(...all)) : draw(all, uniformAt(key, tokens.length));
      tokens.push(token);
      logprobs.push(at(all, token));
      stopped = tokenizer.stopIds.includes(token);
    }
    const finish = tokenizer.stopIds.includes(tokens.at(-1) as number) ? "stop" : "length";
    return { tokens: Int32Array.from(tokens), logprobs: Float32Array.from(logprobs), finish };
  }

  function check(prompt: Int32Array, more: number): void {
    if (prompt.length === 0) throw new RrrError("bad-argument", "the prompt is empty");
    if (prompt.length + more <= contextLength) return;
    const message = `${prompt.length} tokens and ${more} more exceed the context of ${contextLength}`;
    throw new RrrError("context-overflow", message);
  }

  return {
    name: "tiny",
    capabilities: {
      trains: "full",
      fixed: {},
      normalizations: ["grpo", "dapo", "dr_grpo"],
      surrogates: ["ppo", "gspo", "cispo"],
      seeds: true,
      logprobs: "sampling",
      state: "folder",
    },
    tokenizer,
    contextLength,
    async sample(prompt, options) {
      check(prompt, options.maxTokens);
      const completions: TokenCompletion[] = [];
      for (let i = 0; i < options.n; i++) {
        // An abort is heard only where others get their turn.
        await setImmediate();
        if (options.signal?.aborted) throw new RrrError("aborted", "sampling was aborted");
        completions.push(complete(prompt, options, i));
      }
      return completions;
    },
    forward: async (data) => forward(data),
    async forwardBackward(data, loss) {
      const { report, slopes } = lossOf(loss, data, forward(data));
      if (!Number.isFinite(report.loss)) throw new RrrError("diverged", `the loss is ${report.loss}`);
      data.forEach((datum, i) => {
        eachTarget(datum, (t, rows) => {
          // The slope of log π(target) by a logit is 1 − π there, and −π elsewhere.
          const slope = at(slopes[i] as Float64Array, t);
          const byLogit = scores(rows, 1).map((logprob) => -slope * Math.exp(logprob));
          byLogit[at(datum.targets, t)] = at(byLogit, at(datum.targets, t)) + slope;
          for (const row of rows)
            for (let v = 0; v < size; v++) gradient[row + v] = at(gradient, row + v) + at(byLogit, v);
        });
      });
      return report;
    },
    async optimStep(adam) {
      const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = adam;
      const { weightDecay = 0, maxGradNorm = 0 } = adam;
      const gradNorm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
      const scale = maxGradNorm > 0 && gradNorm > maxGradNorm ? maxGradNorm / gradNorm : 1;
      const step = at(steps, 0) + 1;
      steps[0] = step;
      gradient.forEach((value, i) => {
        const g = value * scale;
        const m = beta1 * at(mean, i) + (1 - beta1) * g;
        const v = beta2 * at(square, i) + (1 - beta2) * g * g;
        mean[i] = m;
        square[i] = v;
        const change = m / (1 - beta1 ** step) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon);
        weights[i] = at(weights, i) * (1 - learningRate * weightDecay) - learningRate * change;
      });
      gradient.fill(0);
      return { gradNorm };
    },
    async saveState(dir) {
      await mkdir(dir, { recursive: true });
      await writeFile(join(dir, "state.bin"), Buffer.concat(state.map(bytesOf)));
      return { kind: "folder", path: dir };
    },
    async loadState(stored) {
      const path = stored.kind === "folder" ? join(stored.path, "state.bin") : stored.address;
      const bytes = await readFile(path).catch((cause: Error) => {
        throw new RrrError("bad-checkpoint", `cannot read ${path}: ${cause.message}`, { cause });
      });
      const expected = state.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes.length !== expected) {
        throw new RrrError("bad-checkpoint", `${path} has ${bytes.length} bytes, not ${expected}`);
      }
      let start = 0;
      for (const part of state) {
        bytesOf(part).set(bytes.subarray(start, start + part.byteLength));
        start += part.byteLength;
      }
      gradient.fill(0);
    },
    async exportModel(dir) {
      await mkdir(dir, { recursive: true });
      await writeFile(join(dir, "weights.bin"), bytesOf(weights));
      return { kind: "folder", path: dir, layout: "other" };
    },
    weightsVersion: async () => createHash("sha256").update(bytesOf(weights)).digest("hex"),
    close: async () => {},
  };
}

/** The token at which the probabilities, added up, pass a number between 0 and 1. */
function draw(logprobs: Float64Array, uniform: number): number {
  let sum = 0;
  const found = logprobs.findIndex((logprob) => {
    sum += Math.exp(logprob);
    return sum > uniform;
  });
  return found === -1 ? logprobs.length - 1 : found;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function at(values: Float64Array | Int32Array, index: number): number {
  return values[index] as number;
}

const isSeed = (value: unknown): value is number => Number.isSafeInteger(value);
const options: { readonly seed: OptionSchema<number> } = { seed: schemaOf(isSeed, "a whole number") };

/** Its weights are its own: of the model it takes the tokenizer alone. */
const plugin: EnginePlugin<TinyOptions> = defineEngine<TinyOptions>({
  name: "tiny",
  options,
  open: async ({ model, options }) => createTinyEngine(await loadTokenizer(model), options),
});
export default plugin;
