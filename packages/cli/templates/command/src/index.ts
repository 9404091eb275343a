import { fileURLToPath } from "node:url";
import { createRandom, defineTask, deriveKey, isHeldOut, schemaOf, type Task } from "@rrr/core";
import { commandVerifier } from "@rrr/core/isolation";

/** A problem, as plain JSON: put the words into alphabetical order. */
export interface Item {
  readonly words: readonly string[];
}

const WORDS =
  "apple bread cloud dream eagle flute grape house igloo juice knife lemon mango north olive".split(" ");

function isItem(value: unknown): value is Item {
  const { words } = (value ?? {}) as Partial<Item>;
  return Array.isArray(words) && words.every((word) => typeof word === "string");
}

const task: Task<Item> = defineTask<Item>({
  name: "my-task",
  schema: schemaOf(isItem, "{ words: a list of texts }"),
  *items(split, seed) {
    const random = createRandom(deriveKey(seed, split));
    for (;;) {
      const words = random.shuffle(WORDS).slice(0, 5);
      if (words.join() === words.toSorted().join()) continue;
      // A hash of the problem decides, so that no seed trains on what another holds out.
      if (isHeldOut(...words.toSorted()) === (split === "test")) yield { words };
    }
  },
  prompt: ({ words }) => [
    { role: "user", content: `Sort these words from a to z, within <answer> tags: ${words.join(" ")}` },
  ],
  // Started at the first verdict and kept: see verifier/verify.py.
  verify: commandVerifier<Item>({
    command: process.platform === "win32" ? "python" : "python3",
    args: [fileURLToPath(new URL("../verifier/verify.py", import.meta.url))],
  }),
  gold: ({ words }) => `<answer>${words.toSorted().join(" ")}</answer>`,
  // Of the built-in model; others get what suits them.
  limits: { attempt: 128, reflection: 128, for: "builtin" },
});

export default task;
