import { expect, test } from "vitest";
import { microEngine } from "../../test/micro-engine.ts";
import type { Datum, Engine, Loss, PolicyGradientLoss } from "../engine.ts";
import { rewardedBy } from "../fixtures/rewarded-by.ts";
import { checkTraining } from "./check-train-settings.ts";
import { TRAIN_SETTINGS, type TrainSettings } from "./train-settings.ts";
import { learn, toDatum } from "./update.ts";

const limits = { attempt: 8, reflection: 8 };
const settings = (overrides: Partial<TrainSettings> = {}) =>
  checkTraining({ ...TRAIN_SETTINGS.builtin, limits, ...overrides }, 1);

test("hands over what else of the loss is chosen; a KL penalty in the reward is not in it", async () => {
  const engine = microEngine();
  const seen: Loss[] = [];
  const spied: Engine = {
    ...engine,
    forwardBackward(data, loss) {
      seen.push(loss);
      const { entropyCoefficient: _, ...rest } = loss as PolicyGradientLoss;
      return engine.forwardBackward(data, rest);
    },
  };
  const reference = microEngine();
  const penalty = { klPenalty: "k1-reward", klCoefficient: 0.1, reference } as const;
  const chosen = { surrogate: "gspo", normalization: "grpo", entropyCoefficient: 0.2, ...penalty } as const;
  const report = await learn(spied, await rewardedBy(engine), settings(chosen), 0);
  const expected = { surrogate: "gspo", klCoefficient: 0, entropyCoefficient: 0.2 };
  expect(seen).toMatchObject([expected]);
  expect(report.importance).toBeUndefined();
});

test("where the sampler is not trusted, π_old is the trainer's before the first update, in all of them", async () => {
  const engine = microEngine(1);
  const before = await engine.weightsVersion();
  // The sampler computes as if every token were a little less likely than the trainer says.
  const off = (await rewardedBy(engine)).map(({ reflection, advantage }) => {
    const { tokens = missing(), ...completion } = reflection.completion;
    const logprobs = tokens.logprobs.map((logprob, t) => logprob - (t % 2 === 0 ? 0.1 : 1));
    return {
      reflection: { ...reflection, completion: { ...completion, tokens: { ...tokens, logprobs } } },
      advantage,
    };
  });
  const trusted = off.map((one, i) => toDatum({ ...one, advantage: [0.75, -0.5][i] ?? Number.NaN }));
  const old = await engine.forward(trusted);
  const batches: Datum[][] = [];
  const spied: Engine = {
    ...engine,
    forwardBackward(data, loss) {
      batches.push([...data]);
      return engine.forwardBackward(data, loss);
    },
  };
  const report = await learn(spied, off, settings({ importanceCap: 1.5, updates: 3 }), 0);
  expect(batches).toHaveLength(3);
  for (const batch of batches) {
    for (const [i, { logprobs, weights }] of batch.entries()) {
      expect(logprobs).toEqual(old[i]);
      for (const [t, weight] of weights.entries()) {
        const importance = t % 2 === 0 ? Math.exp(0.1) : 1.5;
        expect(weight).toBeCloseTo(([0.75, -0.5][i] ?? Number.NaN) * importance, 4);
      }
    }
  }
  expect(await engine.weightsVersion()).not.toBe(before);
  expect(report.importance?.truncated).toBeGreaterThan(0.3);
  expect(report.importance?.mean).toBeGreaterThan(1);
});

function missing(): never {
  throw new Error("a reflection has no tokens");
}
