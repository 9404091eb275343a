import { createRandom, defineTask, deriveKey, fail, isHeldOut, pass, schemaOf, type Task } from "@rrr/core";

/** A problem, as plain JSON: what is the square of n? */
type Item = { readonly n: number };
const isItem = (value: unknown): value is Item => Number.isSafeInteger((value as Item | null)?.n);

const task: Task<Item> = defineTask<Item>({
  name: "my-task",
  schema: schemaOf(isItem, "{ n: a whole number }"),
  *items(split, seed) {
    const random = createRandom(deriveKey(seed, split));
    for (;;) {
      const n = random.int(1_000);
      // A hash of the problem decides, so that no seed trains on what another holds out.
      if (isHeldOut(n) === (split === "test")) yield { n };
    }
  },
  prompt: ({ n }) => [{ role: "user", content: `What is ${n} squared? Answer in <answer> tags.` }],
  verify({ n }, completion) {
    const answer = /<answer>(\d{1,9})<\/answer>\s*$/.exec(completion)?.[1];
    if (answer === undefined) return fail("no-answer");
    return Number(answer) === n * n ? pass() : fail("wrong-number");
  },
  gold: ({ n }) => `<answer>${n * n}</answer>`,
  // Of the built-in model; others get what suits them.
  limits: { attempt: 64, reflection: 128, for: "builtin" },
});

export default task;
