/** A sound task: how many of these letters are x? Each file beside this one plants one defect in it. */
import { createRandom, defineTask, deriveKey, fail, pass, schemaOf, type Task } from "@rrr/core";

export interface Item {
  readonly letters: string;
}

export function countX({ letters }: Item): number {
  return letters.split("x").length - 1;
}

export function isItem(value: unknown): value is Item {
  return typeof (value as Item | null)?.letters === "string";
}

export function drawLetters(key: number): string {
  const random = createRandom(key);
  const length = 40 + random.int(60);
  return Array.from({ length }, () => random.pick([..."xxxyz"])).join("");
}

const sound: Task<Item> = defineTask<Item>({
  name: "count-x",
  schema: schemaOf(isItem, "{ letters: text }"),
  *items(split, seed) {
    for (let i = 0; ; i++) {
      const letters = drawLetters(deriveKey(seed, split, i));
      if ((deriveKey(0, letters) % 5 === 0) === (split === "test")) yield { letters };
    }
  },
  prompt: ({ letters }) => [{ role: "user", content: `How many of ${letters} are x? Use <answer> tags.` }],
  verify(item, completion) {
    const answer = /<answer>(\d{1,4})<\/answer>\s*$/.exec(completion)?.[1];
    if (answer === undefined) return fail("no-answer");
    return Number(answer) === countX(item) ? pass() : fail("wrong-count", `it is ${countX(item)}`);
  },
  gold: (item) => `<answer>${countX(item)}</answer>`,
});

export default sound;
