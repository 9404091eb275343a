import { expect, test } from "vitest";
import { createProgram } from "../program.ts";
import { checkConfig } from "./check-config.ts";
import {
  type CheckDefaults,
  type Config,
  defineConfig,
  type EvalDefaults,
  type OptionsOf,
  type PromptsDefaults,
  type RunDefaults,
  type ServeDefaults,
  type VerifyDefaults,
  type ViewDefaults,
} from "./config.ts";

const commands = createProgram().commands.filter((command) =>
  command.options.some((option) => option.attributeName() === "task"),
);
const check = (config: object) => checkConfig({ file: "rrr.config.ts", config: config as never }, commands);

/** Every key that the type has; the compiler sees to that. */
const EVERYTHING: Required<Omit<Config, "tasks">> = {
  run: {
    ...{ steps: 50, seed: 0, limit: 100, model: "./model", engine: "onnx", threads: 2, memory: "6GB" },
    device: "webgpu",
    ...{ settings: "paper", reward: "random", learningRate: 1e-4, schedule: "linear", warmup: 0.1 },
    ...{ failuresPerStep: 8, groupSize: 4, updates: 2, normalization: "dr_grpo", advantageScale: "none" },
    ...{ advantageBaseline: "leave-one-out", surrogate: "cispo", klPenalty: "k1-reward" },
    ...{ entropy: 0.01, importanceCap: 2, refills: 3 },
    ...{ clip: "0.2,0.28", kl: 0.01, weightDecay: 0.1, maxGradNorm: 0.5 },
    ...{ failures: 100, attempts: 8, checkpointEvery: 5, keepCheckpoints: 3, keepBest: 32, force: true },
    ...{ baseUrl: "http://127.0.0.1:8410", tokenizer: "./model" },
    ...{ adapter: "./adapter", lora: 16, loraAlpha: 32, loraTargets: "q_proj" },
    ...{ maxTokens: 900, maxTokensAttempt: 800, maxTokensReflection: 400, maxTokensRetry: 700 },
    ...{ retryLayout: "note", retryTemperature: 0 },
    isolate: "worker",
    maxErrored: 10,
    train: false,
    tensorboard: "./logs",
    quiet: true,
  } satisfies Required<RunDefaults>,
  eval: {
    ...{ model: "openai:gpt-4o-mini", engine: "onnx", threads: 2, memory: "6GB", adapter: "./adapter" },
    device: "cpu",
    baseUrl: "http://127.0.0.1:8080/v1",
    apiKeyEnv: "KEY",
    prices: "prices.json",
    ...{ maxTokens: 900, maxTokensAttempt: 800, maxTokensReflection: 400, maxTokensRetry: 700 },
    ...{ retryLayout: "note", retryTemperature: 0.5 },
    maxTokensTotal: 1_000_000,
    maxCost: 2.5,
    maxTime: "30m",
    concurrency: 8,
    cache: false,
    reasoningEffort: "low",
    timeout: "90s",
    stream: true,
    header: "x-team: blue",
    body: '{"top_p": 0.9}',
    limit: 50,
    samples: 4,
    rounds: 2,
    temperature: 0.5,
    seed: 1,
    controls: false,
    greedy: true,
    failBelow: "after=0.4",
    maxErrored: 10,
    isolate: "process",
    quiet: true,
  } satisfies Required<EvalDefaults>,
  verify: { isolate: "none", quiet: true } satisfies Required<VerifyDefaults>,
  prompts: { model: "./model", seed: 1, retryLayout: "note" } satisfies Required<PromptsDefaults>,
  check: { seed: 1, count: 20, patience: 10 } satisfies Required<CheckDefaults>,
  serve: {
    ...{ port: 8000, host: "127.0.0.1", apiKeyEnv: "KEY", protocol: "openenv", isolate: "worker" },
    ...{ retryLayout: "note", seed: 1, maxBatch: 64, maxBody: 4 },
    ...{
      engine: "onnx",
      adapter: "./adapter",
      threads: 2,
      memory: "6GB",
      device: "webgpu",
      name: "small",
      lora: true,
      checkpoints: "./saved",
    },
  } satisfies Required<ServeDefaults>,
  view: {
    ...{ port: 9000, open: false, model: "builtin", baseUrl: "http://127.0.0.1:8080/v1", apiKeyEnv: "KEY" },
    ...{ prices: "prices.json", maxTokensTotal: 1_000, maxCost: 1, maxTime: "5m", isolate: "process" },
    ...{ maxTokens: 900, maxTokensAttempt: 800, maxTokensReflection: 400, maxTokensRetry: 700 },
  } satisfies Required<ViewDefaults>,
};

test("what the type allows is what the commands take, no less", () => {
  const { run, eval: asked, ...others } = Object.fromEntries(check(EVERYTHING));
  expect(Object.fromEntries(run as Values)).toEqual({
    ...EVERYTHING.run,
    clip: [0.2, 0.28],
    loraTargets: ["q_proj"],
  });
  const parsed = {
    ...{ maxTime: 1_800_000, failBelow: ["after=0.4"], timeout: 90_000 },
    ...{ header: { "x-team": "blue" }, body: { top_p: 0.9 } },
  };
  expect(Object.fromEntries(asked as Values)).toMatchObject({ ...EVERYTHING.eval, ...parsed });
  expect(Object.keys(others)).toEqual(["verify", "prompts", "check", "serve", "view"]);
});

type Values = ReadonlyMap<string, unknown>;

test("what the commands take is what the type allows, no more", () => {
  for (const [name, section] of Object.entries(EVERYTHING)) {
    expect(hintOf({ [name]: { "?": 1 } })).toEqual(Object.keys(section).sort());
  }
  expect(hintOf({ "?": {} })).toEqual(["tasks", ...Object.keys(EVERYTHING)].sort());
});

/** The names that a refusal lists. */
function hintOf(config: object): readonly string[] {
  try {
    check(config);
  } catch (error) {
    return (error as { hint: string }).hint
      .replace(/^It may be |\.$/g, "")
      .split(", ")
      .sort();
  }
  throw new Error("nothing was refused");
}

test.each([
  [{ runn: {} }, 'rrr.config.ts has no use for "runn"', 'Did you mean "run"?'],
  [{ list: {} }, 'rrr.config.ts has no use for "list"', "It may be tasks, run"],
  [{ run: 3 }, "rrr.config.ts: run must be an object", undefined],
  [{ run: { stpes: 3 } }, 'rrr.config.ts: run has no option "stpes"', 'Did you mean "steps"?'],
  [{ run: { preset: "hard" } }, 'run has no option "preset"', "under tasks"],
  [{ verify: { json: true } }, 'verify has no option "json"', "It may be"],
  [
    { run: { steps: "3" } },
    'rrr.config.ts: run.steps cannot be "3"',
    "It must be a number, without quotation marks.",
  ],
  [{ run: { steps: 0 } }, "run.steps cannot be 0", "whole number ≥ 1"],
  [{ run: { steps: [3] } }, "run.steps cannot be [3]", "as on the command line"],
  [{ run: { model: 3 } }, "run.model cannot be 3", "It must be text."],
  [{ run: { model: true } }, "run.model cannot be true", "as on the command line"],
  [{ run: { quiet: "yes" } }, 'run.quiet cannot be "yes"', "It must be true or false."],
  [{ run: { settings: "big" } }, 'run.settings cannot be "big"', "builtin, lora-small, paper"],
  [{ check: { count: -1 } }, "check.count cannot be -1", "whole number ≥ 1"],
])("%j is refused, with the file, the key and what to do", (config, message, hint) => {
  expect(() => check(config)).toThrow(
    expect.objectContaining({
      code: "bad-argument",
      message: expect.stringContaining(message),
      hint: hint === undefined ? undefined : expect.stringContaining(hint),
    }),
  );
});

test.each([
  [{ clip: 0.2 }, { clip: [0.2, 0.2] }],
  [{ clip: "0.2" }, { clip: [0.2, 0.2] }],
  [{ clip: [0.2, 0.28] }, { clip: [0.2, 0.28] }],
  [{ loraTargets: ["q_proj", "v_proj"] }, { loraTargets: ["q_proj", "v_proj"] }],
  [{ loraTargets: "q_proj,v_proj" }, { loraTargets: ["q_proj", "v_proj"] }],
] as const)("run: %j is %j", (run, taken) => {
  expect(check({ run } satisfies Config)).toEqual(new Map([["run", new Map(Object.entries(taken))]]));
});

test.each([
  { run: { clip: [0.1, 0.2, 0.3] } },
  { run: { clip: [[0.1], 0.2] } },
  { run: { clip: [] } },
  { run: { loraTargets: ["q_proj,v_proj"] } },
  { run: { loraTargets: [] } },
  { run: { loraTargets: ["q_proj", ""] } },
  { run: { loraTargets: [1, 2] } },
  { eval: { failBelow: ["after=0.4", "first=0.2"] } },
])("%j is refused", (config) => {
  expect(() => check(config)).toThrow(expect.objectContaining({ code: "bad-argument" }));
});

test("what JSON cannot say is refused by its name", () => {
  expect(() => check({ run: { clip: 1n } })).toThrow("run.clip cannot be 1");
});

test("what is undefined was left out", () => {
  expect([...check({ run: { steps: undefined }, verify: undefined })]).toEqual([["run", new Map()]]);
});

test("options of tasks are typed by their plugins", () => {
  const tasks = {
    "./sums.ts": { most: 4 } satisfies OptionsOf<(options?: { readonly most?: number }) => object>,
    countdown: { preset: "hard", count: 4 },
    "function-calling": { mode: "bfcl" },
  } as const;
  expect(defineConfig({ tasks })).toEqual({ tasks });
  // @ts-expect-error: an option that Countdown does not have
  defineConfig({ tasks: { countdown: { pre: "hard" } } });
  // @ts-expect-error: a value that it does not take
  defineConfig({ tasks: { "function-calling": { mode: "best" } } });
  // @ts-expect-error: an option that the command does not have
  defineConfig({ run: { stpes: 4 } });
});
