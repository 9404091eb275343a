import type { Completion, Message } from "@rrr/core";
import type { Engine } from "@rrr/trainer";

/** Answers of one backend, item by item. */
export interface Answers {
  readonly backend: string;
  readonly completions: readonly Completion[];
}

/** Where two backends part. */
export interface Difference {
  readonly item: number;
  readonly backends: readonly [string, string];
  readonly texts: readonly [string, string];
  /** Number of equal tokens before the first that differs. */
  readonly common: number;
  /** How much likelier one of the two next tokens is than the other to the embedded engine, in nats; infinite where one answer goes on after the other's end. */
  readonly gap: number;
}

/** Items on which two backends differ, in text or in how they ended. */
export async function differencesOf(
  engine: Engine,
  prompts: readonly (readonly Message[])[],
  [a, b]: readonly [Answers, Answers],
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const [item, prompt] of prompts.entries()) {
    const pair = [a.completions[item], b.completions[item]] as readonly [Completion, Completion];
    if (pair[0].text === pair[1].text && pair[0].finish === pair[1].finish) continue;
    const [one, other] = pair.map((completion) => tokensOf(engine, completion)) as [number[], number[]];
    const parted = one.findIndex((token, i) => token !== other[i]);
    const common = parted === -1 ? one.length : parted;
    const before = Int32Array.from([...engine.tokenizer.encodeChat(prompt), ...one.slice(0, common)]);
    const next = [one[common], other[common]].filter((token) => token !== undefined);
    const scores = await engine.forward(
      next.map((token) => ({
        prompt: before,
        targets: Int32Array.of(token),
        weights: Float32Array.of(0),
      })),
    );
    const [first, second] = scores.map((score) => score[0] as number);
    differences.push({
      item,
      backends: [a.backend, b.backend],
      texts: [pair[0].text, pair[1].text],
      common,
      gap: first === undefined || second === undefined ? Number.POSITIVE_INFINITY : Math.abs(first - second),
    });
  }
  return differences;
}

/** A text's tokens, with the one that ended it. */
function tokensOf({ tokenizer }: Engine, { text, finish }: Completion): readonly number[] {
  const end = finish === "stop" ? tokenizer.stopIds.slice(0, 1) : [];
  return [...tokenizer.encode(text), ...end];
}
