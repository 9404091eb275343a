import { setImmediate } from "node:timers/promises";
import {
  type Datum,
  type DecoderConfig,
  divergedModel,
  type Loss,
  type LossReport,
  lossOf,
} from "@rrr/trainer";
import { checkData, checkLoss, divergedTraining, type Layout, type Optimiser } from "@rrr/trainer/local";
import { rowAttention } from "../model/attention.ts";
import { type Decoding, decode, guard, logits } from "../model/decoder.ts";
import { differentiable, rowsOf } from "../model/ops.ts";
import type { ModelTensors } from "../model/tensors.ts";
import type { Runtime } from "../runtime/open-runtime.ts";
import type { Scalar, Tensor } from "../runtime/tf.ts";
import { type Batch, batchesOf } from "./batches.ts";

/** Scores and differentiates sequences. */
export interface Learner {
  forward(data: readonly Datum[]): Promise<readonly Float32Array[]>;
  /** Adds to the optimiser's gradient. */
  forwardBackward(data: readonly Datum[], loss: Loss): Promise<LossReport>;
}

/** @param weights on the backend, as they are now */
export function createLearner(
  runtime: Runtime,
  config: DecoderConfig,
  layout: Layout,
  optimiser: Optimiser,
  weights: () => ModelTensors,
): Learner {
  const { tf } = runtime;
  const decoding = (): Decoding => ({ tf, config, tensors: weights() });

  /** Hidden states of the positions that are scored. */
  const scored = (own: Decoding, { rows, length, tokens, positions }: Batch): Tensor =>
    rowsOf(tf, decode(own, tokens, rowAttention(tf, config, rows, length)), positions);

  /** Of distributions `[n, vocabulary]`, log-probabilities, the one of each label, `[n]`. */
  const pick = (distributions: Tensor, labels: Tensor): Tensor => tf.sum(tf.mul(distributions, labels), -1);
  /** Whole numbers at first: WebAssembly makes nonsense of any others. */
  const oneHot = (labels: Int32Array): Tensor =>
    tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), config.vocabSize), "float32");

  /**
   * A scalar whose gradient is that of the loss.
   * @param slopesAt what the loss changes by with each label's log-probability, from all of these
   * @param bonus what it changes by with Σ p·log p of every distribution
   * @param measure is told Σ p·log p over all positions
   */
  const lossAt = (
    scores: Tensor,
    labels: Int32Array,
    slopesAt: (logprobs: Float32Array) => Float32Array,
    bonus: number,
    measure: (information: number) => void,
  ): Tensor =>
    differentiable(tf, [scores], () => {
      const distributions = tf.logSoftmax(scores);
      const hot = oneHot(labels);
      const flat = slopesAt(pick(distributions, hot).dataSync() as Float32Array);
      const slopes = tf.tensor2d(flat, [flat.length, 1]);
      if (bonus !== 0) {
        const information = tf.sum(tf.mul(tf.exp(distributions), distributions));
        measure(information.dataSync()[0] as number);
      }
      return {
        value: tf.scalar(0),
        saved: [distributions, hot, slopes],
        gradients: (_, saved) => {
          const [distributions, hot, slopes] = saved as [Tensor, Tensor, Tensor];
          const p = tf.exp(distributions);
          const own = tf.mul(tf.sub(hot, p), slopes);
          if (bonus === 0) return [own];
          const information = tf.sum(tf.mul(p, distributions), -1, true);
          return [tf.add(own, tf.mul(tf.mul(p, tf.sub(distributions, information)), bonus))];
        },
      };
    });

  return {
    async forward(data) {
      checkData(config, data);
      const result: Float32Array[] = [];
      for (const batch of batchesOf(data, runtime.batchTokens)) {
        await setImmediate();
        const own = decoding();
        const logprobs = await read(
          runtime.tidy(() => {
            const hidden = scored(own, batch);
            const scores = tf.add(logits(own, hidden), guard(tf, hidden));
            return pick(tf.logSoftmax(scores), oneHot(batch.labels));
          }),
        );
        const broken = logprobs.find((logprob) => !Number.isFinite(logprob));
        if (broken !== undefined) throw divergedModel(broken);
        for (const [index, values] of perDatum(data, batch, logprobs)) result[index] = values;
      }
      return result;
    },
    async forwardBackward(data, loss) {
      checkLoss(loss);
      checkData(config, data, loss);
      const { plain, coefficient } = withoutBonus(loss);
      const tokens = data.reduce((sum, { targets }) => sum + targets.length, 0);
      const found: Float32Array[] = [];
      let entropy = 0;
      for (const batch of batchesOf(data, runtime.batchTokens)) {
        await setImmediate();
        const own = decoding();
        const part = batch.data.map((index) => data[index] as Datum);
        let lossOfPart = 0;
        const slopesAt = (logprobs: Float32Array): Float32Array => {
          const now = perDatum(data, batch, logprobs);
          for (const [index, values] of now) found[index] = values;
          const { report, slopes } = lossOf(plain, part, [...now.values()], data);
          lossOfPart = report.loss;
          return Float32Array.from(slopes.flatMap((row) => [...row]));
        };
        const loss = (): Tensor =>
          lossAt(
            logits(own, scored(own, batch)),
            batch.labels,
            slopesAt,
            coefficient / tokens,
            (information) => {
              entropy -= information / tokens;
            },
          );
        const grads = runtime.tidy(() => {
          const { value, grads } = tf.valueAndGrads(loss as () => Scalar)([...own.tensors.all]);
          value.dispose();
          return grads;
        });
        // Not where it is found: what was kept for the gradient would be kept for ever.
        if (!Number.isFinite(lossOfPart)) {
          for (const slopes of grads) slopes.dispose();
          optimiser.clear();
          throw divergedTraining(`the loss is ${lossOfPart}`);
        }
        const { gradient } = optimiser;
        for (const [i, { offset }] of [...layout.placements.values()].entries()) {
          const slopes = await read(grads[i] as Tensor);
          for (let k = 0; k < slopes.length; k++)
            gradient[offset + k] = (gradient[offset + k] as number) + (slopes[k] as number);
        }
      }
      const { report } = lossOf(plain, data, found);
      if (coefficient === 0) return report;
      return { ...report, loss: report.loss - coefficient * entropy, entropy };
    },
  };
}

/** A loss, and what of it log-probabilities of targets do not tell. */
function withoutBonus(loss: Loss): { readonly plain: Loss; readonly coefficient: number } {
  if (loss.kind === "cross-entropy") return { plain: loss, coefficient: 0 };
  const { entropyCoefficient: coefficient = 0, ...plain } = loss;
  return { plain, coefficient };
}

/** What a batch has of each datum's targets, by the datum's number. */
function perDatum(
  data: readonly Datum[],
  batch: Batch,
  values: Float32Array,
): ReadonlyMap<number, Float32Array> {
  const own = new Map<number, Float32Array>();
  let start = 0;
  for (const index of batch.data) {
    const { length } = (data[index] as Datum).targets;
    own.set(index, values.slice(start, start + length));
    start += length;
  }
  return own;
}

/** Its values; it is gone then. */
async function read(tensor: Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
