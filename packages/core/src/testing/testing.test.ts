import { describe, expect, it } from "vitest";
import { type Sum, sumTask } from "../../test/sum-task.ts";
import { RrrError } from "../errors.ts";
import type { Model } from "../model.ts";
import { deriveKey } from "../random.ts";
import type { Task } from "../task.ts";
import { pass } from "../verdict.ts";
import { scriptedModel } from "./scripted-model.ts";
import { assertModelConforms, testModel } from "./test-model.ts";
import { assertTaskConforms, testTask } from "./test-task.ts";

async function codes(change: Partial<Task<Sum>>): Promise<string[]> {
  return (await testTask({ ...sumTask, ...change }, { count: 20 })).map(({ code }) => code);
}

describe("testTask", () => {
  it("finds nothing in a sound task", async () => {
    expect(await testTask(sumTask)).toEqual([]);
    await expect(assertTaskConforms(sumTask)).resolves.toBeUndefined();
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
    ["verdict-varies", { verify: () => (calls++ % 2 === 0 ? pass() : { kind: "fail", code: "odd" }) }],
  ])("finds %s", async (code, change) => {
    expect(await codes(change as Partial<Task<Sum>>)).toContain(code);
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
