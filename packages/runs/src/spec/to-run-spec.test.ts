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
  [{ plan: { kind: "train", mining: { limits: 3 } } }, "limits is 3"],
  [{ plan: { kind: "train", settings: "small" } }, 'settings is "small"'],
  [{ plan: { kind: "measure" } }, 'plan.kind is "measure"'],
  [{ plan: { ...evaluate, bars: [{ measure: "greedyAfter", share: 0.5 }] } }, "does not measure it"],
  [{ model: { name: "builtin", baseURL: "x" }, plan: evaluate }, 'model has no setting "baseURL"'],
  [{ engine: { name: "" }, plan: evaluate }, "engine.name"],
  [{ task: { module: "countdown", isolated: true }, plan: evaluate }, 'task has no setting "isolated"'],
])("%j is refused by name", (request, message) => {
  expect(() => toRunSpec({ task: "countdown", ...request } as RunRequest, "/")).toThrow(
    expect.objectContaining({ code: "bad-argument", message: expect.stringContaining(message) }),
  );
});
