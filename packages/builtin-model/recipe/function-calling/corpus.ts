/** The function calling corpus as an endless, seeded stream of transcripts. */
import { createRandom, deriveKey, type Random } from "@rrr/core";
import { drawSample, functionCallPrompt, type Sample, small } from "@rrr/task-function-calling";
import type { Transcript, Turn } from "../transcript.ts";
import {
  blindRetry,
  firstAttempt,
  functionCallingStyle,
  reflectedAttempt,
  type Style,
} from "./transcripts.ts";

/** Shares of the corpus: first attempts and retries without a reflection; the rest reflects. */
const mix = { first: 0.45, blind: 0.07 };

/** The first transcripts are mostly patient: skills are learnt from thoughts that are written out, manners after that. */
const schooling = { transcripts: 45_000, impatient: 0.25 };

/** Transcript number `index` of the corpus: the same for the same seed, wherever one starts. */
export function functionCallingCorpus(seed: number): (index: number) => Transcript {
  return (index) => {
    const random = createRandom(deriveKey(seed, "corpus", index));
    const sample = drawTrainingSample(random);
    const { impatient } = index < schooling.transcripts ? schooling : functionCallingStyle;
    const turns = drawTurns(sample, random, { ...functionCallingStyle, impatient });
    return { prompt: functionCallPrompt(sample.item), turns };
  };
}

function drawTrainingSample(random: Random): Sample {
  for (;;) {
    const sample = drawSample(small, "train", random);
    if (sample !== undefined) return sample;
  }
}

function drawTurns(sample: Sample, random: Random, style: Style): readonly Turn[] {
  const kind = random.next();
  if (kind < mix.first) return [firstAttempt(sample, random, style)];
  if (kind < mix.first + mix.blind) return blindRetry(sample, random, style);
  return reflectedAttempt(sample, random, style);
}
