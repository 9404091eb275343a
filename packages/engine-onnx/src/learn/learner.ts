import {
  createSession,
  createSessionCache,
  type Feeds,
  type Session,
  type SessionOptions,
  type Tensor,
} from "@rrr/autodiff";
import { RrrError } from "@rrr/core";
import type { Datum, DecoderConfig, Loss, LossReport } from "@rrr/trainer";
import { divergedModel } from "@rrr/trainer";
import {
  checkData,
  checkLoss,
  createOptimiser,
  divergedTraining,
  type Optimiser,
  views,
} from "@rrr/trainer/local";
import { feedsWith, type Parameters } from "../decoder/parameters.ts";
import { type BatchSizes, batchSizes } from "../memory.ts";
import { tokenFactors } from "./loss.ts";
import { createLossTally } from "./loss-report.ts";
import { type PackedBatch, packBatches } from "./packing.ts";
import { gradientName, scoringGraph, sumName, trainingGraph } from "./scoring-graph.ts";
import { entropyBonus, hasPenalty, hasSequenceRatio, splitLoss } from "./split-loss.ts";

/** Scores and differentiates sequences under parameters that it shares with the sampler, and steps them. */
export interface Learner {
  readonly optimiser: Optimiser;
  /** @param values of what is trained, in place of those that it has now */
  forward(data: readonly Datum[], values?: Float32Array): Promise<readonly Float32Array[]>;
  forwardBackward(data: readonly Datum[], loss: Loss): Promise<LossReport>;
  close(): Promise<void>;
}

type Outputs = Readonly<Record<string, Tensor>>;

export interface LearnerOptions extends SessionOptions {
  /** Absent: as the model is large. */
  readonly batch?: BatchSizes | undefined;
}

/** Compiled graphs kept: the shapes of a run are few, and each holds its own activations. */
const sessionCapacity = 12;

/** Gradients of what is trained, in one array: as the training graph reads and writes them. */
interface GradientSum {
  readonly values: Float32Array;
  readonly asInputs: Readonly<Record<string, Float32Array>>;
  readonly asOutputs: Readonly<Record<string, Float32Array>>;
}

function createSum(layout: Parameters["trained"], values: Float32Array): GradientSum {
  const parts = [...views(layout, values)];
  return {
    values,
    asInputs: Object.fromEntries(parts.map(([name, { data }]) => [sumName(name), data])),
    asOutputs: Object.fromEntries(parts.map(([name, { data }]) => [gradientName(name), data])),
  };
}

export function createLearner(
  config: DecoderConfig,
  parameters: Parameters,
  options: LearnerOptions,
): Learner {
  const { trained: layout, values: weights, feeds: named } = parameters;
  const { batch: sizes = batchSizes(config) } = options;
  const sessions = createSessionCache<Session<Outputs>>(sessionCapacity);
  const optimiser = createOptimiser(layout, weights);
  /** The gradient so far; the next batch's sum is written beside it. */
  let total = createSum(layout, optimiser.gradient);
  let spare: GradientSum | undefined;

  const differentiate = async (
    session: Session<Outputs>,
    feeds: Feeds,
  ): Promise<{ loss: number; logprobs: Float32Array; entropies?: Float32Array }> => {
    spare ??= createSum(layout, new Float32Array(layout.size));
    const results = await session.run({ ...feeds, ...total.asInputs }, { into: spare.asOutputs });
    [total, spare] = [spare, total];
    optimiser.adopt(total.values);
    const { logprobs, entropies } = results as Readonly<Record<string, Float32Array>>;
    const scored = { loss: results.loss?.[0] as number, logprobs: logprobs as Float32Array };
    return entropies === undefined ? scored : { ...scored, entropies };
  };

  return {
    optimiser,
    async forward(data, values = weights) {
      checkData(config, data);
      checkLengths(data, sizes.longest);
      const read = values === weights ? named : feedsWith(parameters, values);
      const result = data.map(({ targets }) => new Float32Array(targets.length));
      for (const batch of packBatches(data, config.maxPositions, sizes)) {
        const session = await sessions.get(`score ${shapeKey(batch)}`, () =>
          createSession<Outputs>({ ...scoringGraph(config, parameters, batch.shape) }, options),
        );
        const { logprobs } = await session.run({ ...read, ...inputsOf(batch) });
        for (const { datum, start, count } of batch.spans) {
          const own = (logprobs as Float32Array).subarray(start, start + count);
          const broken = own.find((logprob) => !Number.isFinite(logprob));
          if (broken !== undefined) throw divergedModel(broken);
          result[datum]?.set(own);
        }
      }
      return result;
    },
    async forwardBackward(data, loss) {
      checkLoss(loss);
      checkData(config, data, loss);
      checkLengths(data, sizes.longest);
      const { compiled, weighting } = splitLoss(loss);
      const factors = tokenFactors(data, weighting);
      const even = tokenFactors(data, { kind: "dapo" });
      const tally = createLossTally(compiled);
      let sum = 0;
      for (const batch of packBatches(data, config.maxPositions, sizes)) {
        const session = await sessions.get(`${shapeKey(batch)} ${JSON.stringify(compiled)}`, () =>
          createSession<Outputs>(trainingGraph(config, parameters, batch.shape, compiled), options),
        );
        const perToken: Record<string, Float32Array> = {
          factors: gatherSlots(batch, (datum) => factors[datum], 0),
        };
        if (entropyBonus(compiled) !== undefined)
          perToken.evenFactors = gatherSlots(batch, (datum) => even[datum], 0);
        if (compiled.kind === "policy-gradient") {
          perToken.advantages = gatherSlots(batch, (datum) => data[datum]?.weights);
          perToken.sampled = gatherSlots(batch, (datum) => data[datum]?.logprobs);
          if (hasPenalty(compiled))
            perToken.reference = gatherSlots(batch, (datum) => data[datum]?.reference);
        }
        const part = await differentiate(session, {
          ...named,
          ...inputsOf(batch),
          slotOf: batch.slotOf,
          ...perToken,
          ...(hasSequenceRatio(compiled) ? sequencesOf(batch) : {}),
        });
        if (!Number.isFinite(part.loss)) {
          optimiser.clear();
          throw divergedTraining(`the loss is ${part.loss}`);
        }
        sum += part.loss;
        for (const { datum, start, count } of batch.spans) {
          const own = (values: Float32Array) => values.subarray(start, start + count);
          tally.add(data[datum] as Datum, own(part.logprobs), part.entropies && own(part.entropies));
        }
      }
      return tally.report(sum);
    },
    close: () => sessions.close(),
  };
}

function inputsOf({ tokens, trees, branches, depths, positions, labels }: PackedBatch): Feeds {
  return { tokens, trees, branches, depths, positions, labels };
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

function shapeKey({ shape }: PackedBatch): string {
  return `${shape.rows}×${shape.length}/${shape.slots}`;
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
