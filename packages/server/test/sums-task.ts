import { defineTask, fail, pass, schemaOf, type Task } from "@rrr/core";

/** Two numbers to add. */
export interface SumItem {
  readonly a: number;
  readonly b: number;
}

const isItem = (value: unknown): value is SumItem =>
  typeof value === "object" &&
  value !== null &&
  Number.isSafeInteger((value as SumItem).a) &&
  Number.isSafeInteger((value as SumItem).b);

/** Ways in which the verifier breaks, and the code that says so. */
export const BREAKS: Readonly<Record<string, string>> = {
  throws: "verifier-failed",
  "returns 1": "verifier-failed",
  "returns nothing": "verifier-failed",
  "says invalid": "verifier-failed",
  "never ends": "verifier-timeout",
};

/** Sums of two numbers. @param most how many there are */
export function sums(most: number = Number.POSITIVE_INFINITY): Task<SumItem> {
  return defineTask<SumItem>({
    name: "sums",
    schema: schemaOf(isItem, "{ a, b }, whole numbers"),
    *items(split, seed) {
      for (let i = 0; i < most; i++) yield { a: seed, b: 2 * i + (split === "train" ? 0 : 1) };
    },
    prompt: ({ a, b }) => [{ role: "user", content: `${a} + ${b} = ?` }],
    limits: { attempt: 8, reflection: 16 },
    verify({ a, b }, completion) {
      if (completion === "throws") throw new Error("a bug");
      if (completion === "returns 1") return 1 as never;
      if (completion === "returns nothing") return undefined as never;
      if (completion === "says invalid") return { kind: "invalid", error: new Error("no checker") } as never;
      if (completion === "never ends") return new Promise<never>(() => {});
      return Number(completion) === a + b ? pass() : fail("wrong-sum", `${a} + ${b} is ${a + b}`);
    },
  });
}
