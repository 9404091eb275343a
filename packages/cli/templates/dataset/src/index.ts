import {
  createRandom,
  definePlugin,
  defineTask,
  deriveKey,
  fail,
  isHeldOut,
  type Plugin,
  pass,
  schemaOf,
  type Task,
} from "@rrr/core";
import { readProblems } from "./read-problems.ts";

/** A problem, as a line of `data/problems.jsonl` has it. */
export interface Item {
  readonly question: string;
  readonly answer: string;
}

export interface Options {
  /** A JSON Lines file of problems, instead of the package's own: `--data FILE` on the command line. */
  readonly data?: string;
}

const myTask: Plugin<Options, Task<Item>> = definePlugin({
  name: "my-task",
  // Checked before `create` sees them, from the command line or rrr.config.ts.
  options: { data: schemaOf(isText, "the path of a JSON Lines file") },
  create({ data }) {
    const own = new URL("../data/problems.jsonl", import.meta.url);
    const problems = readProblems(data ?? own, isItem);
    return defineTask<Item>({
      name: "my-task",
      schema: schemaOf(isItem, "{ question, answer }, both text"),
      items(split, seed) {
        // A hash of the question decides: it stays on its side when lines are added or moved.
        const ofSplit = problems.filter(({ question }) => isHeldOut(question) === (split === "test"));
        return createRandom(deriveKey(seed, split)).shuffle(ofSplit);
      },
      prompt: ({ question }) => [{ role: "user", content: `${question} Answer in <answer> tags.` }],
      verify({ answer }, completion) {
        const given = /<answer>([^<]{1,100})<\/answer>\s*$/.exec(completion)?.[1];
        if (given === undefined) return fail("no-answer");
        return given.trim().toLowerCase() === answer.toLowerCase() ? pass() : fail("wrong-answer");
      },
      gold: ({ answer }) => `<answer>${answer}</answer>`,
      // Of the built-in model; others get what suits them.
      limits: { attempt: 64, reflection: 128, for: "builtin" },
    });
  },
});

export default myTask;

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isItem(value: unknown): value is Item {
  const { question, answer } = (value ?? {}) as Partial<Item>;
  return typeof question === "string" && typeof answer === "string";
}
