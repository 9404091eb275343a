import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { type RunRequest, toRunSpec } from "./to-run-spec.ts";

const evaluate = { kind: "evaluate" } as const;

test("nothing is left open, and paths hold in any working directory", () => {
  const cwd = project({ "data.jsonl": "", "prices.json": "{}", "model/config.json": "{}" });
  const spec = toRunSpec(
    {
      task: { module: "./task.ts", options: { data: "data.jsonl", mode: "exact" } },
      model: { name: "model", prices: "prices.json" },
      engine: { name: "./engine.ts", options: { threads: 1, rows: undefined } },
      plan: { ...evaluate, seed: 3, evaluation: { samples: 2 } },
    },
    cwd,
  );
  expect(spec).toMatchObject({
    task: { module: join(cwd, "task.ts"), options: { data: join(cwd, "data.jsonl"), mode: "exact" } },
    model: { name: "model", folder: join(cwd, "model"), prices: join(cwd, "prices.json") },
    engine: { name: join(cwd, "engine.ts"), options: { threads: 1 } },
    plan: {
      seed: 3,
      problems: 200,
      evaluation: { seed: 3, samples: 2, rounds: 1, controls: true, greedy: false },
    },
  });
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
});

test("training: the trainer's settings, with what is asked for in their place", () => {
  const { plan } = toRunSpec(
    { task: "countdown", plan: { kind: "train", seed: 5, train: { steps: 3, groupSize: 4 } } },
    "/",
  );
  expect(plan).toMatchObject({
    kind: "train",
    problems: 500,
    // No more than three steps can look at.
    mining: { attempts: 64, limit: 72 },
    train: { seed: 5, steps: 3, groupSize: 4, failuresPerStep: 24, reward: "retry" },
  });
});

test("what of the loss nobody asked for is not written down: a default run is kept as it always was", () => {
  const keys = (train: object) => {
    const { plan } = toRunSpec({ task: "countdown", plan: { kind: "train", train } }, "/");
    return plan.kind === "train" ? Object.keys(plan.train) : [];
  };
  const later = [
    "surrogate",
    "klPenalty",
    "entropyCoefficient",
    "importanceCap",
    "refills",
    "advantageBaseline",
  ];
  expect(keys({}).filter((key) => later.includes(key))).toEqual([]);
  expect(keys({ surrogate: "cispo", refills: 2 })).toEqual([...keys({}), "surrogate", "refills"]);
});

test("a run that is forced opens a model that memory may be too small for, unless its options say otherwise", () => {
  const plan = { kind: "train", force: true } as const;
  const options = (request: object) => toRunSpec({ task: "countdown", plan, ...request }, "/").engine.options;
  expect(options({})).toEqual({ checkMemory: false });
  expect(options({ engine: { name: "onnx", options: { lora: 4 } } })).toEqual({
    checkMemory: false,
    lora: 4,
  });
  expect(options({ engine: { name: "onnx", options: { checkMemory: true } } })).toEqual({
    checkMemory: true,
  });
  expect(options({ engine: { name: "@rrr/engine-onnx", options: { checkMemory: true } } })).toEqual(
    options({ engine: { name: "onnx", options: { checkMemory: true } } }),
  );
  // Another engine need not have the option.
  expect(options({ engine: "tiny" })).toEqual({});
  expect(options({ plan: { kind: "train" } })).toEqual({});
});

test("a model behind a server gets fewer requests at once", () => {
  const of = (model: string) => toRunSpec({ task: "countdown", model, plan: evaluate }, "/").plan.evaluation;
  expect(of("openai:m").concurrency).toBe(64);
  expect(of("builtin").concurrency).toBe(1_024);
});

test.each([
  [{ plan: { ...evaluate, problem: 3 } }, 'plan has no setting "problem"'],
  [{ plan: { ...evaluate, problems: 0 } }, "plan.problems is 0"],
  [{ plan: { ...evaluate, evaluation: { sample: 2 } } }, 'evaluate has no setting "sample"'],
  [{ plan: { kind: "train", train: { normalization: "dr-grpo" } } }, 'normalization is "dr-grpo"'],
  [{ plan: { kind: "train", mining: { limits: 3 } } }, 'plan.mining has no setting "limits"'],
  [{ plan: { kind: "train", mining: { limit: -1 } } }, "limit is -1"],
  [{ plan: { kind: "train", train: { firstStep: 5 } } }, 'plan.train has no setting "firstStep"'],
  [{ plan: { kind: "train", train: { surrogate: "gspo" } } }, "surrogate is gspo and normalization dapo"],
  [{ plan: { kind: "train", train: { seed: 5 } } }, 'plan.train has no setting "seed"'],
  [{ plan: { kind: "train", train: { schedule: null } } }, "plan.train.schedule is null"],
  [{ plan: { kind: "train", train: { reward: () => 1 } } }, "plan.train.reward is"],
  [{ plan: { ...evaluate, evaluation: [] } }, "plan.evaluation is []"],
  [{ plan: { ...evaluate, evaluation: { signal: null } } }, 'plan.evaluation has no setting "signal"'],
  [{ plan: { ...evaluate, bars: [null] } }, "plan.bars.0 is null"],
  [{ plan: { ...evaluate, bars: [{ measure: "after", share: 9 }] } }, "plan.bars.0.share is 9"],
  [{ task: { module: "countdown", options: { n: 1n } }, plan: evaluate }, "must be plain data"],
  [{ plan: evaluate, retry: { layout: "notes" } }, 'retry.layout is "notes"'],
  [{ plan: evaluate, retry: { temperature: -1 } }, "retry.temperature is -1"],
  [{ plan: { ...evaluate, evaluation: { retryTemperature: 0 } } }, 'no setting "retryTemperature"'],
  [{ plan: { kind: "train", train: { retryLayout: "note" } } }, 'no setting "retryLayout"'],
  [
    { model: { name: "openai:m", body: { temperature: null } }, plan: evaluate, retry: { temperature: 0 } },
    "a greedy retry needs the field temperature",
  ],
  [{ plan: { kind: "train", settings: "small" } }, 'settings is "small"'],
  [{ plan: { kind: "measure" } }, 'plan.kind is "measure"'],
  [{ plan: { ...evaluate, bars: [{ measure: "greedyAfter", share: 0.5 }] } }, "does not measure it"],
  [{ model: { name: "builtin", baseURL: "x" }, plan: evaluate }, 'model has no setting "baseURL"'],
  [{ engine: { name: "" }, plan: evaluate }, "engine.name"],
  [{ task: { module: "countdown", isolated: true }, plan: evaluate }, 'task has no setting "isolated"'],
])("%o is refused by name", (request, message) => {
  expect(() => toRunSpec({ task: "countdown", ...request } as RunRequest, "/")).toThrow(
    expect.objectContaining({ code: "bad-argument", message: expect.stringContaining(message) }),
  );
});

test("no request is none", () => {
  expect(() => toRunSpec(null as never, "/")).toThrow(expect.objectContaining({ code: "bad-argument" }));
});

test("a path in an engine's options holds in any working directory, and other text stays", () => {
  const options = { cache: "./cache", above: "..", other: "../x y", name: "q_proj", dots: "...", most: 3 };
  const { engine } = toRunSpec(
    { task: "countdown", engine: { name: "mine", options }, plan: { kind: "evaluate" } },
    "/a/b",
  );
  expect(engine.options).toEqual({ ...options, cache: "/a/b/cache", above: "/a", other: "/a/x y" });
});
