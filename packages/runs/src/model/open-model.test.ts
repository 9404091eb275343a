import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GenerateOptions, Model } from "@rrr/core";
import { writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { startChatServer } from "../../../cli/test/chat-server.ts";
import { project } from "../../../plugins/test/plugin-files.ts";
import type { ModelSpec } from "../spec/run-spec.ts";
import { toRunSpec } from "../spec/to-run-spec.ts";
import { openSampledModel, type SampledModel, type SpendingLimits } from "./open-model.ts";

const prompt = [{ role: "user", content: "2 + 2?" }] as const;
const options: GenerateOptions = { maxTokens: 8, temperature: 1, seed: 1 };
const fail = (text: string): never => {
  throw new Error(text);
};

let cwd: string;
beforeEach(() => {
  cwd = project({ "prices.json": '{"small": {"input": 100000, "output": 0}}' });
  vi.stubEnv("RRR_CACHE_DIR", join(cwd, "cache"));
  onTestFinished(() => void vi.unstubAllEnvs());
});

async function prepare(model: ModelSpec, limits: SpendingLimits = {}): Promise<SampledModel> {
  const spec = toRunSpec({ task: "countdown", model, plan: { kind: "evaluate" } }, cwd);
  const opened = await openSampledModel(spec, "countdown", limits, fail, cwd);
  onTestFinished(() => opened.close());
  return opened;
}

/** Asks until the budget is spent. @returns how many answers there were */
async function askUntilSpent(model: Model): Promise<number> {
  for (let seed = 0; ; seed++) {
    try {
      await model.generate(prompt, { ...options, seed });
    } catch (error) {
      expect(error).toMatchObject({ code: "budget-spent" });
      return seed;
    }
  }
}

test("a server's answers are kept, and what is kept costs nothing", async () => {
  const { baseURL: baseUrl, asked } = await startChatServer();
  const flags = { name: "openai:small", baseUrl };
  const first = await prepare(flags);
  const answer = await first.model.generate(prompt, options);
  expect(first.budget.spent()).toMatchObject({ requests: 1, promptTokens: 10, completionTokens: 1 });
  const second = await prepare(flags);
  expect(await second.model.generate(prompt, options)).toEqual([{ ...answer[0], cached: true }]);
  expect(second.budget.spent()).toMatchObject({ requests: 0 });
  expect(second.cache?.served()).toEqual({ completions: 1, promptTokens: 10, completionTokens: 1 });
  const uncached = await prepare({ ...flags, cache: false });
  await uncached.model.generate(prompt, options);
  expect(uncached.cache).toBeUndefined();
  expect(asked).toHaveLength(2);
});

test("a limit on the cost needs a price of the model", async () => {
  const { baseURL: baseUrl } = await startChatServer();
  const limited = { name: "openai:small", baseUrl };
  const { model, budget } = await prepare({ ...limited, prices: "prices.json" }, { costUsd: 12 });
  // A request costs $1, and might cost $7 with as many tokens as its prompt has bytes.
  expect(await askUntilSpent(model)).toBe(6);
  expect(budget.spent().costUsd).toBeCloseTo(6, 9);
  for (const spec of [limited, { ...limited, name: "openai:large", prices: "prices.json" }]) {
    await expect(prepare(spec, { costUsd: 12 })).rejects.toMatchObject({
      code: "bad-argument",
      message: expect.stringContaining("no price for model"),
    });
  }
});

test("a built-in model is one that can be named, for nothing, and is not cached unless asked for", async () => {
  const { model, identity, budget, cache } = await prepare({ name: "builtin" }, { costUsd: 1, tokens: 500 });
  expect(identity).toEqual({ model: "builtin", source: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  expect(await askUntilSpent(model)).toBeGreaterThan(2);
  expect(budget.spent()).toMatchObject({ costUsd: 0, estimated: 0 });
  expect(cache).toBeUndefined();
  expect(existsSync(join(cwd, "cache"))).toBe(false);
  expect((await prepare({ name: "builtin", cache: true })).cache).toBeDefined();
});

test("a model's folder is known by what is read of it", async () => {
  const folder = join(cwd, "model");
  await writeModelDir(folder, microModel(), "F32");
  const source = async () => (await prepare({ name: "./model", folder })).identity.source;
  const before = await source();
  writeFileSync(join(folder, "README.md"), "for later");
  expect(await source()).toBe(before);
  const template = "{% for message in messages %}{{ message.content }}{% endfor %}";
  writeFileSync(join(folder, "chat_template.jinja"), template);
  expect(await source()).not.toBe(before);
});

test.each([
  [{ name: "opnai:x" }, "bad-argument", /Did you mean openai:x/],
  [{ name: "builtin", baseUrl: "http://127.0.0.1/v1" }, "bad-argument", /openai:NAME/],
  [{ name: "openai:x", prices: "none.json" }, "bad-argument", /--prices/],
  [{ name: "org/model" }, "bad-model", /transformers:org\/model/],
  [{ name: "./nowhere" }, "bad-model", /^`rrr models` lists/],
])("%j is refused", async (spec, code, hint) => {
  await expect(prepare(spec)).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) });
});

test("an adapter is not forgotten where a server has the model", async () => {
  const { baseURL: baseUrl } = await startChatServer();
  const engine = { name: "onnx", options: { adapter: "./an-adapter" } };
  const model = { name: "openai:small", baseUrl };
  const spec = toRunSpec({ task: "countdown", model, engine, plan: { kind: "evaluate" } }, cwd);
  await expect(openSampledModel(spec, "countdown", {}, fail, cwd)).rejects.toMatchObject({
    code: "bad-argument",
    message: expect.stringContaining("openai:small is not read here"),
    hint: expect.stringContaining("--format model"),
  });
});
