/** The Countdown corpus as an endless, seeded stream of transcripts. */
import { createRandom, deriveKey, type Random } from "@rrr/core";
import { countdown } from "@rrr/task-countdown";
import type { Transcript, Turn } from "../transcript.ts";
import type { Problem } from "./search.ts";
import { blindRetry, countdownStyle, firstAttempt, reflectedAttempt } from "./transcripts.ts";

/** Shares of the corpus: first attempts and retries without a reflection; the rest reflects. */
const mix = { first: 0.55, blind: 0.07 };

/** Transcript number `index` of the corpus: the same for the same seed, wherever one starts. */
export async function countdownCorpus(seed: number): Promise<(index: number) => Transcript> {
  const task = countdown({ preset: "small" });
  const problems: Problem[] = [];
  for await (const problem of task.items("train", seed)) problems.push(problem);
  return (index) => {
    const random = createRandom(deriveKey(seed, "corpus", index));
    const drawn = random.pick(problems);
    const problem: Problem = { numbers: random.shuffle(drawn.numbers), target: drawn.target };
    return { prompt: task.prompt(problem), turns: drawTurns(problem, random) };
  };
}

function drawTurns(problem: Problem, random: Random): readonly Turn[] {
  const kind = random.next();
  if (kind < mix.first) return [firstAttempt(problem, random, countdownStyle)];
  if (kind < mix.first + mix.blind) return blindRetry(problem, random, countdownStyle);
  return reflectedAttempt(problem, random, countdownStyle);
}
