import { defineTask, fail, pass, type Task, type TaskDefinition } from "@rrr/core";

export interface Sum {
  readonly a: number;
  readonly b: number;
}

/** The smallest sound task, to break in tests one field at a time. */
export const sumDefinition: TaskDefinition<Sum> = {
  name: "sum",
  schema: {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) =>
        typeof (value as Sum | null)?.a === "number"
          ? { value: value as Sum }
          : { issues: [{ message: "no sum" }] },
    },
  },
  *items(split, seed) {
    for (let i = 0; i < 200; i++) yield { a: (i * 7 + seed) % 100, b: split === "train" ? 2 * i : 2 * i + 1 };
  },
  prompt: ({ a, b }) => [
    { role: "system", content: "Add." },
    { role: "user", content: `${a} + ${b}` },
  ],
  verify: ({ a, b }, completion) => (completion === `= ${a + b}` ? pass() : fail("wrong-sum")),
  gold: ({ a, b }) => `= ${a + b}`,
};

export const sumTask: Task<Sum> = defineTask(sumDefinition);
