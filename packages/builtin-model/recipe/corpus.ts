/** The pre-training corpus as an endless, seeded stream of token sequences. */
import { createRandom, deriveKey, type Random, type Task } from "@rrr/core";
import type { Datum, Tokenizer } from "@rrr/trainer";
import type { Problem } from "./search.ts";
import { blindRetry, firstAttempt, reflectedAttempt, type Style, type Turn } from "./transcripts.ts";

/** Shares of the corpus: first attempts and retries without a reflection; the rest reflects. */
export interface Mix {
  readonly first: number;
  readonly blind: number;
}

export const countdownMix: Mix = { first: 0.55, blind: 0.07 };

/** Transcript number `index` of the corpus: the same for the same seed, wherever one starts. */
export function createCorpus(
  task: Task<Problem>,
  problems: readonly Problem[],
  tokenizer: Tokenizer,
  settings: { readonly seed: number; readonly style: Style; readonly mix: Mix },
): (index: number) => Datum {
  const ids = new Map<string, number>();
  const id = (piece: string): number => {
    const known = ids.get(piece);
    if (known !== undefined) return known;
    const encoded = tokenizer.encode(piece);
    if (encoded.length !== 1) throw new Error(`not one token: ${JSON.stringify(piece)}`);
    ids.set(piece, encoded[0] as number);
    return encoded[0] as number;
  };

  const [anyProblem] = problems as readonly [Problem];
  const failure = { item: anyProblem, prompt: task.prompt(anyProblem), completion: "" };
  const reflect = tokenizer.encode(task.reflect(failure));

  return (index) => {
    const random = createRandom(deriveKey(settings.seed, "corpus", index));
    const drawn = random.pick(problems);
    const problem: Problem = { numbers: random.shuffle(drawn.numbers), target: drawn.target };
    const opening = task.prompt(problem);
    const turns = assistantTurns(problem, random);
    const prompt = tokenizer.encodeChat(opening);
    const userTurns = { problem: prompt.subarray(1, -2), reflect };
    const targets: number[] = [];
    const learnt: number[] = [];
    turns.forEach((turn, i) => {
      if (i > 0) {
        targets.push(id(`<|${turn.role}|>`));
        learnt.push(0);
      }
      const content = turn.role === "user" ? userTurns[turn.ask] : turn.pieces.map(id);
      targets.push(...content, id("<|end|>"));
      const learn = turn.role === "assistant" && turn.learn ? 1 : 0;
      for (let token = 0; token <= content.length; token++) learnt.push(learn);
    });
    return { prompt, targets: Int32Array.from(targets), advantages: Float32Array.from(learnt) };
  };

  function assistantTurns(problem: Problem, random: Random): readonly Turn[] {
    const { style, mix } = settings;
    const kind = random.next();
    if (kind < mix.first) return [firstAttempt(problem, random, style)];
    if (kind < mix.first + mix.blind) return blindRetry(problem, random, style);
    return reflectedAttempt(problem, random, style);
  }
}
