import { createRandom, defineTask, deriveKey, fail, isHeldOut, pass, schemaOf, type Task } from "@rrr/core";

interface Item {
  readonly text: string;
}

const backwards = (text: string): string => [...text].reverse().join("");
const isItem = (value: unknown): value is Item => typeof (value as Item | null)?.text === "string";

function* items(split: "train" | "test", seed: number): Generator<Item> {
  const random = createRandom(deriveKey(seed, split));
  for (;;) {
    const text = Array.from({ length: 5 }, () => random.pick([..."abcdefghijklmnopqrstuvwxyz"])).join("");
    if (isHeldOut(text) === (split === "test") && text !== backwards(text)) yield { text };
  }
}

const task: Task<Item> = defineTask<Item>({
  name: "backwards",
  schema: schemaOf(isItem, "{ text: string }"),
  items,
  prompt: ({ text }) => [{ role: "user", content: `Write "${text}" backwards, between <answer> tags.` }],
  verify({ text }, completion) {
    const answer = [...completion.matchAll(/<answer>([a-z]*)<\/answer>/g)].at(-1)?.[1];
    if (answer === undefined) return fail("no-answer");
    return answer === backwards(text) ? pass() : fail("wrong-text", `got ${answer}`);
  },
  gold: ({ text }) => `<answer>${backwards(text)}</answer>`,
  limits: { attempt: 64, reflection: 128, for: "builtin" },
});

export default task;
