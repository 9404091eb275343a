import { toRunSpec } from "@rrr/runs";
import { expect, test } from "vitest";
import { settingsText } from "./settings-text.ts";

test("the header of a run that trains has every setting that was chosen", () => {
  const train = { klCoefficient: 0.001, clipHigh: 0.28, normalization: "dr_grpo", updates: 2 } as const;
  const engine = { name: "onnx", options: { threads: 1 } };
  const spec = toRunSpec({ task: "countdown", engine, plan: { kind: "train", train } }, "/");
  expect(settingsText(spec)).toEqual([
    "  settings   builtin, for a small model",
    "  failures   at most 2400, 64 attempts at each problem",
    "  each step  24 failures × 8 reflections, reward retry, advantages by std",
    "  loss       dr_grpo, clip 0.2, 0.28, KL 0.001, 2 updates a step",
    "  optimiser  learning rate 0.0003 constant after 3 % warm-up, gradient norm ≤ 1, weight decay 0",
    "  engine     onnx, threads 1, a checkpoint every 10 steps",
  ]);
  const small = { kind: "train", settings: "lora-small" } as const;
  const lines = settingsText(toRunSpec({ task: "countdown", plan: small }, "/"));
  expect(lines[0]).toBe("  settings   lora-small, as asked for");
  expect(lines.at(-1)).toMatch(/^ {2}best {7}chosen by 64 more held-out problems at each checkpoint/);
  expect(settingsText(toRunSpec({ task: "countdown", plan: { kind: "evaluate" } }, "/"))).toEqual([]);
  const more = {
    normalization: "grpo",
    surrogate: "gspo",
    klCoefficient: 0.01,
    klPenalty: "k1-reward",
    entropyCoefficient: 0.1,
    importanceCap: 2,
    advantageBaseline: "leave-one-out",
  } as const;
  const named = settingsText(toRunSpec({ task: "countdown", plan: { kind: "train", train: more } }, "/"));
  expect(named.slice(2, 4)).toEqual([
    "  each step  24 failures × 8 reflections, reward retry, advantages by std, leave-one-out",
    "  loss       grpo, gspo, clip 0.2, KL 0.01, in the reward, entropy bonus 0.1, importance ≤ 2, 1 update a step",
  ]);
});
