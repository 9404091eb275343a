import { describe, expect, it, vi } from "vitest";
import { type Sum, sumTask } from "../../test/sum-task.ts";
import { RrrError } from "../errors.ts";
import type { Message } from "../message.ts";
import type { Model } from "../model.ts";
import { deriveKey } from "../random.ts";
import { schemaOf } from "../schema-of.ts";
import type { Failure, Task } from "../task.ts";
import { fail, pass } from "../verdict.ts";
import { scriptedModel } from "./scripted-model.ts";
import { TASK_FINDING_CODES, type TaskProgress } from "./task-finding.ts";
import { assertModelConforms, testModel } from "./test-model.ts";
import { assertTaskConforms, testTask } from "./test-task.ts";

function user(content: string): Message {
  return { role: "user", content };
}

async function codes(change: Partial<Task<Sum>>): Promise<string[]> {
  return (await testTask({ ...sumTask, ...change }, { count: 20 })).map(({ code }) => code);
}

describe("testTask", () => {
  it("finds nothing in a sound task", async () => {
    expect(await testTask(sumTask)).toEqual([]);
    await expect(assertTaskConforms(sumTask)).resolves.toBeUndefined();
  });

  it("asks a task whose items are all held out for none to train on", async () => {
    const testOnly: Partial<Task<Sum>> = {
      testOnly: true,
      items(split, seed) {
        if (split === "train") throw new Error("nothing to train on");
        return sumTask.items(split, seed);
      },
    };
    expect(await codes(testOnly)).toEqual([]);
    expect(await codes({ ...testOnly, testOnly: false })).toEqual(["broken"]);
    expect(await codes({ testOnly: true, items: () => [] })).toEqual(["no-items"]);
  });

  it("lets what answers nothing pass where the gold is empty, and there alone", async () => {
    const isSilent = ({ a }: Sum): boolean => a % 2 === 0;
    const gold = (item: Sum): string => (isSilent(item) ? "" : (sumTask.gold?.(item) ?? ""));
    const verify: Task<Sum>["verify"] = (item, text, context) => {
      if (isSilent(item)) return text.startsWith("= ") ? fail("answered") : pass();
      return sumTask.verify(item, text, context);
    };
    expect(await codes({ gold, verify })).toEqual([]);
    expect(await codes({ gold: (item) => gold(item) || undefined, verify })).toEqual(["hostile-passes"]);
    expect(await codes({ gold, verify: sumTask.verify })).toEqual(["gold-fails"]);
  });

  let calls = 0;
  const boom = (): never => {
    throw new Error("boom");
  };
  it.each([
    ["broken", { verify: undefined }],
    ["broken", { prompt: boom }],
    ["broken", { reflect: boom }],
    ["broken", { items: boom }],
    ["broken", { leaks: boom }],
    ["no-items", { items: () => [] }],
    ["schema-refuses-item", { items: (split: string) => [{ b: split === "test" ? 1 : 2 }] }],
    ["not-reproducible", { items: (split: string) => [{ a: calls++, b: split === "test" ? -1 : -2 }] }],
    ["splits-overlap", { items: () => [{ a: 1, b: 2 }] }],
    // The held-out item of one seed is trained on under another.
    [
      "splits-overlap",
      { items: (split: string, seed: number) => [{ a: split === "test" ? seed - 1 : seed, b: 1 }] },
    ],
    ["gold-fails", { gold: () => "= x" }],
    ["gold-in-prompt", { prompt: ({ a, b }: Sum) => [{ role: "user", content: `${a} + ${b} = ${a + b}` }] }],
    ["hostile-passes", { verify: () => pass() }],
    ["verifier-breaks", { verify: (_: Sum, text: string) => (text.length > 50_000 ? boom() : pass()) }],
    ["copy-passes", { prompt: () => [user("Add, for example\n= 1\nNow 0 + 1")] }],
    ["copy-passes", { prompt: ({ a, b }: Sum) => [user(`${a} + ${b}\n\`\`\`\n= ${a + b}\n\`\`\``)] }],
    ["verdict-varies", { verify: () => (calls++ % 2 === 0 ? pass() : { kind: "fail", code: "odd" }) }],
    // A schema that wants what JSON does not keep.
    [
      "schema-refuses-item",
      {
        schema: schemaOf((value): value is Sum => (value as { at?: unknown }).at instanceof Date, "dated"),
        items: (split: string) => [{ a: 1, b: split === "test" ? 1 : 2, at: new Date(0) }],
      },
    ],
    ["not-reproducible", { prompt: ({ a, b }: Sum) => [user(`${a} + ${b}, attempt ${calls++}`)] }],
    ["gold-in-prompt", { prompt: ({ a, b }: Sum) => [user(`${a} + ${b}? (${a + b})`)] }],
    ["item-changed", { prompt: (sum: { a: number; b: number }) => [user(`${sum.a++} + ${sum.b}`)] }],
    // Whatever has the form of an answer.
    [
      "hostile-passes",
      { verify: (_: Sum, text: string) => (/^= \d{1,5}$/.test(text) ? pass() : fail("form")) },
    ],
    ["gold-in-request", { reflect: ({ item: { a, b } }: Failure<Sum>) => `It is ${a + b}. Why?` }],
    ["gold-in-request", { leaks: () => true }],
    [
      "undeclared-feedback",
      { reflect: ({ completion }: Failure<Sum>) => `${completion.length} is too much.` },
    ],
  ])("finds %s", async (code, change) => {
    expect(await codes(change as Partial<Task<Sum>>)).toContain(code);
  });

  it.each<[string, Partial<Task<Sum>>]>([
    [
      "a request that quotes",
      { reflect: ({ prompt, completion }) => `${prompt[1]?.content} is not ${completion}.` },
    ],
    [
      "a problem told from the item",
      { reflect: ({ item: { a, b } }) => `Your sum of ${a} and ${b} is wrong.` },
    ],
    [
      "declared feedback",
      { feedback: true, reflect: ({ completion }) => `${completion.length} is too much.` },
    ],
    [
      "a list of choices",
      {
        prompt: ({ a, b }) => [user(`Is ${a} + ${b} = odd or = even?`)],
        gold: ({ a, b }) => ((a + b) % 2 === 0 ? "= even" : "= odd"),
        verify: ({ a, b }, text) =>
          text === ((a + b) % 2 === 0 ? "= even" : "= odd") ? pass() : fail("other"),
      },
    ],
    [
      "an answer that is in a prompt by accident",
      { prompt: ({ a, b }) => [user(`${a} + ${b}, or 1 + 2 + 3 + 4`)] },
    ],
    ["a task without gold", { gold: undefined as never }],
  ])("finds nothing in %s", async (_, change) => {
    const sound = { ...sumTask, ...change };
    if (change.gold === undefined && "gold" in change) delete (sound as { gold?: unknown }).gold;
    expect(await testTask(sound, { count: 20 })).toEqual([]);
  });

  it("does not ask a verifier again that hung", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let asked = 0;
      const verify = (): Promise<never> => {
        asked++;
        return new Promise(() => {});
      };
      const tested = testTask({ ...sumTask, verify });
      await vi.advanceTimersByTimeAsync(5_000);
      expect((await tested).map(({ code }) => code)).toEqual(["verifier-breaks"]);
      expect(asked).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("tells what it looks at, what it finds and what a verdict costs", async () => {
    const told: TaskProgress[] = [];
    const findings = await testTask(
      { ...sumTask, gold: () => "= x" },
      { count: 5, onProgress: (p) => told.push(p) },
    );
    const looked = new Set(told.flatMap((each) => (each.kind === "checking" ? each.codes : [])));
    expect([...looked].sort()).toEqual([...TASK_FINDING_CODES].sort());
    expect(told.flatMap((each) => (each.kind === "finding" ? [each.finding] : []))).toEqual(findings);
    const measured = told.find((each) => each.kind === "measured");
    expect(measured).toMatchObject({ ms: expect.any(Number), bytes: expect.any(Number) });
    expect(measured?.outputs).toBeGreaterThan(100);
  });

  it("throws the lot as one error", async () => {
    const failing = assertTaskConforms({ ...sumTask, gold: () => "= x" });
    await expect(failing).rejects.toSatisfy((error) => RrrError.is(error, "bad-task"));
    await expect(failing).rejects.toThrow(
      /task "sum" breaks its contract in 1 ways:\n {2}gold-fails: = x for/,
    );
  });
});

describe("testModel", () => {
  const sound = scriptedModel(({ options, index }) => `answer ${deriveKey(options.seed, index)}`);

  it("finds nothing in a sound model", async () => {
    expect(await testModel(sound)).toEqual([]);
    await expect(assertModelConforms(sound)).resolves.toBeUndefined();
  });

  let calls = 0;
  let busy = 0;
  const tokens = { prompt: Int32Array.of(1), ids: Int32Array.of(5, 6), logprobs: Float32Array.of(-1) };
  it.each<[string, Model["generate"]]>([
    ["broken", () => Promise.reject(new Error("boom"))],
    ["wrong-count", async () => [{ text: "", finish: "stop" }]],
    ["malformed-completion", async () => new Array(3).fill({ text: "", finish: "eof" })],
    ["bad-tokens", async () => new Array(3).fill({ text: "", finish: "stop", tokens })],
    ["not-reproducible", async () => new Array(3).fill({ text: String(calls++), finish: "stop" })],
    [
      "depends-on-batch",
      async () => {
        const text = ++busy > 3 ? "crowded" : "alone";
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy--;
        return new Array(3).fill({ text, finish: "stop" });
      },
    ],
    ["ignores-abort", async () => new Array(3).fill({ text: "", finish: "stop" })],
  ])("finds %s", async (code, generate) => {
    const found = (await testModel({ id: "odd", generate })).map((finding) => finding.code);
    expect(found).toContain(code);
  });
});
