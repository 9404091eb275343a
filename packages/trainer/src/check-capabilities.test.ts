import { expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import { type AskedOfEngine, checkCapabilities } from "./check-capabilities.ts";
import type { Engine } from "./engine.ts";
import { chanceTask } from "./fixtures/chance-task.ts";
import { pretrain } from "./pretrain.ts";
import { train } from "./train/train.ts";

function limited(): Engine {
  const engine = microEngine();
  const fixed = { maxGradNorm: 0, beta2: 0.95, weightDecay: 0.01 };
  const { surrogates: _, ...rest } = engine.capabilities;
  return { ...engine, capabilities: { ...rest, fixed, normalizations: ["dr_grpo"] } };
}

test.each<[AskedOfEngine, string, string]>([
  [{ maxGradNorm: 1 }, 'maxGradNorm is 1, and engine "tiny" has it fixed at 0', "Set maxGradNorm to 0"],
  [{ beta2: 0.98 }, 'beta2 is 0.98, and engine "tiny" has it fixed at 0.95', "Set beta2 to 0.95"],
  // That it does decay is as much against the setting as that another one does not.
  [{ weightDecay: 0 }, 'weightDecay is 0, and engine "tiny" has it fixed at 0.01', "another engine"],
  [{ surrogate: "gspo" }, 'engine "tiny" does not have the surrogate gspo', "one that it has: ppo"],
  [
    { entropyCoefficient: 0.1 },
    'entropyCoefficient is 0.1, and engine "tiny" has no entropy of whole distributions',
    "Set entropyCoefficient to 0",
  ],
  [{ normalization: "grpo" }, 'engine "tiny" cannot normalise by grpo', "one that it has: dr_grpo"],
])("%j is refused by name", (asked, message, hint) => {
  expect(() => checkCapabilities(limited(), asked)).toThrow(
    expect.objectContaining({ code: "bad-argument", message, hint: expect.stringContaining(hint) }),
  );
});

test("what it can do, and what is not asked for, is let through", () => {
  const asked = { maxGradNorm: 0, weightDecay: 0.01, beta1: 0.5, normalization: "dr_grpo" } as const;
  expect(() => checkCapabilities(limited(), asked)).not.toThrow();
  expect(() => checkCapabilities(limited(), {})).not.toThrow();
});

test("training is refused before anything is sampled", async () => {
  const engine: Engine = {
    ...limited(),
    sample: () => {
      throw new Error("sampled");
    },
  };
  const failure = { kind: "failed" } as never;
  await expect(train(chanceTask, engine, [failure]).next()).rejects.toThrow("weightDecay is 0");
  await expect(pretrain(engine, () => []).next()).rejects.toThrow("beta2 is 0.98");
});
