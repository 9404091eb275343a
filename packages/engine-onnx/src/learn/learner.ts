import type { Feeds } from "@rrr/autodiff";
import { RrrError } from "@rrr/core";
import type { Datum, DecoderConfig, Loss, LossReport } from "@rrr/trainer";
import { divergedModel } from "@rrr/trainer";
import { checkData, checkLoss, divergedTraining, type Optimiser } from "@rrr/trainer/local";
import { type BatchSizes, batchSizes } from "../memory.ts";
import type { BatchRunner, BatchScores } from "./batch-runner.ts";
import { tokenFactors } from "./loss.ts";
import { createLossTally } from "./loss-report.ts";
import { type PackedBatch, packBatches } from "./packing.ts";
import { shareOut } from "./share-out.ts";
import { type CompiledLoss, entropyBonus, hasPenalty, hasSequenceRatio, splitLoss } from "./split-loss.ts";

/** Scores and differentiates sequences. */
export interface Learner {
  /** @param values of what is trained, in place of those that it has now */
  forward(data: readonly Datum[], values?: Float32Array): Promise<readonly Float32Array[]>;
  /** Adds the gradient to the optimiser's; one that fails half-way leaves none, of earlier calls neither. */
  forwardBackward(data: readonly Datum[], loss: Loss): Promise<LossReport>;
}

/** A runner that computes beside others has a sum of its own, or adds to the optimiser's itself. */
export interface LearningLane extends Pick<BatchRunner, "score" | "differentiate"> {
  /** What it has added up since it was last asked, which is the caller's now. */
  takeGradient?(): Promise<Float32Array | undefined>;
}

/** @param lanes work side by side, each on a share of the batches */
export function createLearner(
  config: DecoderConfig,
  optimiser: Pick<Optimiser, "add" | "clear">,
  lanes: readonly LearningLane[],
  sizes: BatchSizes = batchSizes(config),
): Learner {
  const packed = (data: readonly Datum[]): readonly PackedBatch[] => {
    checkLengths(data, sizes.longest);
    return packBatches(data, config.maxPositions, sizes);
  };
  /** What `compute` makes of each batch, in their order. When one fails, the others are waited for. */
  const computed = async <T>(
    batches: readonly PackedBatch[],
    compute: (lane: LearningLane, batch: PackedBatch) => Promise<T>,
  ): Promise<readonly T[]> => {
    const results: T[] = [];
    const shares = shareOut(batches, lanes.length);
    const settled = await Promise.allSettled(
      shares.map(async (share, number) => {
        for (const index of share) {
          results[index] = await compute(lanes[number] as LearningLane, batches[index] as PackedBatch);
        }
      }),
    );
    const failed = settled.find(({ status }) => status === "rejected");
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    return results;
  };
  /** In the order of the lanes, so that sums round alike. */
  const takeGradients = async (): Promise<void> => {
    const taken = await Promise.all(lanes.map((lane) => lane.takeGradient?.()));
    for (const gradient of taken) if (gradient !== undefined) optimiser.add(gradient);
  };

  return {
    async forward(data, values) {
      checkData(config, data);
      const result = data.map(({ targets }) => new Float32Array(targets.length));
      const batches = packed(data);
      const scores = await computed(batches, (lane, batch) => lane.score(batch, values));
      batches.forEach(({ spans }, index) => {
        for (const { datum, start, count } of spans) {
          const own = (scores[index] as Float32Array).subarray(start, start + count);
          const broken = own.find((logprob) => !Number.isFinite(logprob));
          if (broken !== undefined) throw divergedModel(broken);
          result[datum]?.set(own);
        }
      });
      return result;
    },
    async forwardBackward(data, loss) {
      checkLoss(loss);
      checkData(config, data, loss);
      const { compiled, weighting } = splitLoss(loss);
      const perToken = lossInputs(data, compiled, tokenFactors(data, weighting));
      const batches = packed(data);
      let scores: readonly BatchScores[];
      try {
        scores = await computed(batches, (lane, batch) =>
          lane.differentiate(batch, perToken(batch), compiled),
        );
        await takeGradients();
      } catch (error) {
        // What the lanes have added up so far is not the next call's.
        await Promise.allSettled(lanes.map((lane) => lane.takeGradient?.()));
        optimiser.clear();
        throw error;
      }
      const tally = createLossTally(compiled);
      let sum = 0;
      scores.forEach(({ loss: part, logprobs, entropies }, index) => {
        if (!Number.isFinite(part)) {
          optimiser.clear();
          throw divergedTraining(`the loss is ${part}`);
        }
        sum += part;
        for (const { datum, start, count } of (batches[index] as PackedBatch).spans) {
          const own = (values: Float32Array) => values.subarray(start, start + count);
          tally.add(data[datum] as Datum, own(logprobs), entropies && own(entropies));
        }
      });
      return tally.report(sum);
    },
  };
}

/** What a loss reads of the tokens of a batch. */
function lossInputs(
  data: readonly Datum[],
  loss: CompiledLoss,
  factors: readonly Float32Array[],
): (batch: PackedBatch) => Feeds {
  const even = entropyBonus(loss) === undefined ? undefined : tokenFactors(data, { kind: "dapo" });
  return (batch) => ({
    factors: gatherSlots(batch, (datum) => factors[datum], 0),
    ...(even && { evenFactors: gatherSlots(batch, (datum) => even[datum], 0) }),
    ...(loss.kind === "policy-gradient" && {
      advantages: gatherSlots(batch, (datum) => data[datum]?.weights),
      sampled: gatherSlots(batch, (datum) => data[datum]?.logprobs),
      ...(hasPenalty(loss) && { reference: gatherSlots(batch, (datum) => data[datum]?.reference) }),
    }),
    ...(hasSequenceRatio(loss) && sequencesOf(batch)),
  });
}

/** One value per slot from one array per datum; padding slots repeat the first, or hold `padding`. */
function gatherSlots(
  { shape, spans }: PackedBatch,
  values: (datum: number) => Float32Array | undefined,
  padding?: number,
): Float32Array {
  const slots = new Float32Array(shape.slots);
  for (const { datum, start } of spans) slots.set(values(datum) ?? [], start);
  const end = spans.reduce((sum, { count }) => sum + count, 0);
  return slots.fill(padding ?? (slots[0] as number), end);
}

/** Whose each slot is, and its share of a mean over its sequence: 0 for padding. */
function sequencesOf({ shape, spans }: PackedBatch): { sequences: Int32Array; shares: Float32Array } {
  const sequences = new Int32Array(shape.slots);
  const shares = new Float32Array(shape.slots);
  for (const [number, { start, count }] of spans.entries()) {
    sequences.fill(number, start, start + count);
    shares.fill(1 / count, start, start + count);
  }
  return { sequences, shares };
}

function checkLengths(data: readonly Datum[], longest = Number.POSITIVE_INFINITY): void {
  for (const { prompt, targets } of data) {
    const length = prompt.length + targets.length;
    if (length <= longest) continue;
    throw new RrrError(
      "out-of-memory",
      `a sequence of ${length} tokens is longer than the memory is planned for: ${longest}`,
      { hint: "Lower the token limits, or give more with --memory." },
    );
  }
}
