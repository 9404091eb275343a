import { describe, expect, test } from "vitest";
import { microEngine } from "../../test/micro-engine.ts";
import type { Engine } from "../engine.ts";
import { chanceTask } from "../fixtures/chance-task.ts";
import { type Digit, drain } from "../fixtures/toy-task.ts";
import { mine } from "../mine.ts";
import { createPolicy } from "../policy.ts";
import { retryPassed } from "./reward.ts";
import { train } from "./train.ts";
import type { TrainSettings } from "./train-settings.ts";

const settings = { steps: 2, failuresPerStep: 4, groupSize: 2, seed: 3 } satisfies Partial<TrainSettings>;

async function trained(changed: Partial<TrainSettings<Digit>>, engine: Engine = microEngine()) {
  const items = Array.from({ length: 16 }, (_, digit) => ({ digit }));
  const { returned } = await drain(mine(chanceTask, createPolicy(microEngine()), items, { limit: 12 }));
  const { yielded } = await drain(train(chanceTask, engine, returned, { ...settings, ...changed }));
  return { reports: yielded, hash: await engine.weightsVersion() };
}

describe("refills", () => {
  test("replace groups without a signal by groups on further failures, no more than are missing", async () => {
    const dropping = await trained({});
    const refilling = await trained({ refills: 3 });
    const [first] = dropping.reports;
    const [full] = refilling.reports;
    expect(first?.dropped).toBeGreaterThan(0);
    expect(first?.refilled).toBe(0);
    // The first round is that of a run without refills.
    expect(full?.groups.slice(0, 4)).toEqual(first?.groups);
    expect(full?.refilled).toBeGreaterThan(0);
    for (const { kept, dropped, refilled, groups } of refilling.reports) {
      expect(kept).toBeLessThanOrEqual(4);
      expect(kept + dropped).toBe(4 + refilled);
      expect(new Set(groups.map(({ failure }) => failure)).size).toBe(groups.length);
    }
    expect(full?.kept).toBeGreaterThan(first?.kept ?? Number.NaN);
  });

  test("are the same again, also from the second step on", async () => {
    const once = await trained({ refills: 3 });
    expect((await trained({ refills: 3 })).hash).toBe(once.hash);
    expect((await trained({})).hash).not.toBe(once.hash);
  });

  test("of a resumed run are those of one that never stopped", async () => {
    const engine = microEngine();
    await trained({ refills: 3, steps: 1 }, engine);
    const straight = await trained({ refills: 3 });
    const resumed = await trained({ refills: 3, firstStep: 1 }, engine);
    expect(resumed.reports[0]?.refilled).toBeGreaterThan(0);
    expect(resumed.reports[0]?.groups).toEqual(straight.reports[1]?.groups);
    expect(resumed.hash).toBe(straight.hash);
  });

  test("end with the failures", async () => {
    const { reports } = await trained({ refills: 100, groupSize: 2, reward: () => 0, steps: 1 });
    expect(reports).toMatchObject([{ kept: 0, dropped: 12, refilled: 8, update: undefined }]);
  });
});

describe("a KL penalty in the reward", () => {
  test("is β times how much likelier a reflection is than under the reference", async () => {
    const [engine, reference] = [microEngine(), microEngine(5)];
    const chosen = { klPenalty: "k1-reward", klCoefficient: 0.1, reference, steps: 1 } as const;
    const { reports } = await trained(chosen, engine);
    const groups = reports[0]?.groups ?? [];
    let seen = 0;
    for (const { episodes_G, rewards_G } of groups) {
      for (const [g, episode] of episodes_G.entries()) {
        const { tokens } = episode.kind === "reflected" ? episode.reflection.completion : {};
        if (tokens === undefined) continue;
        const datum = {
          prompt: tokens.prompt,
          targets: tokens.ids,
          weights: new Float32Array(tokens.ids.length),
        };
        const [anchored = []] = await reference.forward([datum]);
        const kl = tokens.logprobs.reduce(
          (sum, logprob, t) => sum + logprob - (anchored[t] ?? Number.NaN),
          0,
        );
        expect(rewards_G[g]).toBeCloseTo((retryPassed(episode) ?? Number.NaN) - 0.1 * kl, 5);
        expect(Math.abs(kl)).toBeGreaterThan(0);
        seen++;
      }
    }
    expect(seen).toBe(8);
    // It is in the reward, and not in the loss too.
    expect(reports[0]?.dropped).toBe(0);
  });

  test("of the same weights as the reference changes nothing", async () => {
    const chosen = {
      klPenalty: "k1-reward",
      klCoefficient: 0.1,
      reference: microEngine(),
      steps: 1,
    } as const;
    const { reports } = await trained(chosen);
    const { reports: free } = await trained({ steps: 1 });
    const rewards = reports[0]?.groups.flatMap(({ rewards_G }) => rewards_G) ?? [];
    const plain = free[0]?.groups.flatMap(({ rewards_G }) => rewards_G) ?? [];
    for (const [i, reward] of rewards.entries()) expect(reward).toBeCloseTo(plain[i] ?? Number.NaN, 4);
  });
});
