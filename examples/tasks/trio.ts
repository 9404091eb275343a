import { createRandom, defineTask, deriveKey, fail, isHeldOut, pass, schemaOf, type Task } from "@rrr/core";

/** A board game for children: multiply two of the numbers, then add or subtract the third. */
interface Item {
  readonly numbers: readonly number[];
  readonly target: number;
}

const isItem = (value: unknown): value is Item => {
  const { numbers, target } = (value ?? {}) as Partial<Item>;
  return Array.isArray(numbers) && [...numbers, target].every((number) => Number.isSafeInteger(number));
};
const inOrder = (numbers: readonly number[]): string => numbers.toSorted((a, b) => a - b).join(", ");
const keyOf = ({ numbers, target }: Item): string => `${inOrder(numbers)} make ${target}`;

/** Every problem once, with an equation that solves it. */
const problems = new Map<string, Item & { readonly equation: string }>();
for (let a = 1; a <= 12; a++) {
  for (let b = 1; b <= 12; b++) {
    for (let c = 1; c <= 12; c++) {
      const plus = { numbers: [a, b, c], target: a * b + c, equation: `(${a}*${b})+${c}` };
      const minus = { numbers: [a, b, c], target: a * b - c, equation: `(${a}*${b})-${c}` };
      for (const problem of [plus, minus])
        if (problem.target >= 1 && problem.target <= 99) problems.set(keyOf(problem), problem);
    }
  }
}

const task: Task<Item> = defineTask<Item>({
  name: "trio",
  schema: schemaOf(isItem, "{ numbers: whole numbers, target: a whole number }"),
  *items(split, seed) {
    const random = createRandom(deriveKey(seed, split));
    for (const item of random.shuffle([...problems.values()])) {
      const { numbers, target } = item;
      // A hash of the problem decides, whatever order its numbers are in: no seed trains on what another holds out.
      if (isHeldOut(keyOf(item)) === (split === "test")) yield { numbers: random.shuffle(numbers), target };
    }
  },
  // Word for word what the built-in model was taught to read. Another model can be told the rule.
  prompt: ({ numbers, target }) => [
    {
      role: "user",
      content:
        `Using the numbers [${numbers.join(", ")}], create an equation that equals ${target}. ` +
        "You can use basic arithmetic operations (+, -, *, /) and each number must be used exactly once. " +
        "Show your work in <think> </think> tags and return the final equation in <answer> </answer> tags, " +
        "for example <answer>(1 + 2) / 3</answer>.",
    },
  ],
  verify({ numbers, target }, completion) {
    const answer = /<answer>([^<]{1,20})<\/answer>\s*$/.exec(completion)?.[1];
    if (answer === undefined) return fail("no-answer");
    const equation = /^\(?(\d{1,2})\*(\d{1,2})\)?([+-])(\d{1,2})$/.exec(answer.replaceAll(" ", ""));
    if (equation === null) return fail("against-the-rule");
    const [a, b, c] = [Number(equation[1]), Number(equation[2]), Number(equation[4])];
    if (inOrder([a, b, c]) !== inOrder(numbers)) return fail("wrong-numbers");
    return (equation[3] === "+" ? a * b + c : a * b - c) === target ? pass() : fail("wrong-value");
  },
  gold: (item) => `<answer>${problems.get(keyOf(item))?.equation}</answer>`,
  limits: { attempt: 80, reflection: 112, for: "builtin" },
});

export default task;
