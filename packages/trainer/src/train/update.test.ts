import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pass, type Reflection, uniformAt } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { microEngine } from "../../test/micro-engine.ts";
import type { Engine, Loss } from "../engine.ts";
import { rewardedBy } from "../fixtures/rewarded-by.ts";
import { temporaryDir } from "../fixtures/temporary-dir.ts";
import { spoken } from "../fixtures/toy-task.ts";
import { checkTraining } from "./check-train-settings.ts";
import { TRAIN_SETTINGS, type TrainSettings } from "./train-settings.ts";
import { learn, toDatum } from "./update.ts";

const limits = { attempt: 8, reflection: 8 };
const settings = (overrides: Partial<TrainSettings> = {}) =>
  checkTraining({ ...TRAIN_SETTINGS.builtin, limits, ...overrides }, 1);

/** All weights of the small engine, as it exports them. */
async function weightsOf(engine: Engine): Promise<Float64Array> {
  const dir = await temporaryDir();
  await engine.exportModel(dir);
  return new Float64Array(new Uint8Array(await readFile(join(dir, "weights.bin"))).buffer);
}

/** The small engine with other weights: its state begins with them. */
async function engineWith(weights: Float64Array): Promise<Engine> {
  const engine = microEngine();
  const state = await engine.saveState(await temporaryDir());
  if (state.kind !== "folder") throw new Error("the state is not in the folder");
  const file = join(state.path, "state.bin");
  const bytes = await readFile(file);
  bytes.set(new Uint8Array(weights.buffer));
  await writeFile(file, bytes);
  await engine.loadState(state);
  return engine;
}

function missing(): never {
  throw new Error("a reflection has no tokens");
}

describe("toDatum", () => {
  test("holds the reflection's own tokens and one advantage; nothing of the retry", async () => {
    const [first] = await rewardedBy(await microEngine());
    if (first === undefined) throw new Error("nothing was sampled");
    const datum = toDatum(first);
    const tokens = first.reflection.completion.tokens;
    expect(datum.prompt).toBe(tokens?.prompt);
    expect(datum.targets).toBe(tokens?.ids);
    expect(datum.logprobs).toBe(tokens?.logprobs);
    expect([...datum.weights]).toEqual(Array(tokens?.ids.length).fill(0.75));
    const retry: Reflection["retry"] = { prompt: [], completion: spoken("something else"), verdict: pass() };
    expect(toDatum({ ...first, reflection: { ...first.reflection, retry } })).toEqual(datum);
  });

  test("refuses a reflection without tokens", () => {
    const bare = { text: "x", finish: "stop" } as const;
    const reflection = {
      prompt: [],
      completion: bare,
      retry: { prompt: [], completion: bare, verdict: pass() },
    };
    expect(() => toDatum({ reflection, advantage: 1 })).toThrow(
      expect.objectContaining({ code: "model-failed" }),
    );
  });
});

describe("learn", () => {
  test("the gradient is that of the reflections' log-probabilities, and of nothing else", async () => {
    const engine = microEngine(3);
    const rewarded = await rewardedBy(engine);
    // Read off the reflections here, not taken from `toDatum`: it is what is under test.
    const scored = rewarded.map(({ reflection, advantage }) => {
      const { prompt, ids } = reflection.completion.tokens ?? missing();
      return { prompt, targets: ids, weights: new Float32Array(ids.length).fill(advantage) };
    });
    const weights = await weightsOf(engine);

    /** −mean over reflection tokens of advantage · log-probability, under any weights. */
    const lossAt = async (weights: Float64Array): Promise<number> => {
      const logprobs = await (await engineWith(weights)).forward(scored);
      const terms = scored.flatMap(({ weights: advantages }, i) =>
        [...advantages].map((a, t) => -a * (logprobs[i]?.[t] ?? NaN)),
      );
      return terms.reduce((sum, term) => sum + term, 0) / terms.length;
    };
    /** Weights moved by `distance` along a random direction, and the gradient's component along it. */
    const moved = (direction: number, distance: number, gradient?: Float64Array) => {
      const along = (i: number) => uniformAt(direction, i) - 0.5;
      const slope = gradient?.reduce((sum, g, i) => sum + g * along(i), 0) ?? 0;
      return { weights: weights.map((value, i) => value + distance * along(i)), slope };
    };

    // With an ε far above any gradient, Adam's first step is −learningRate/ε times the gradient: here 1 times it.
    const whole: Engine = { ...engine, optimStep: (adam) => engine.optimStep({ ...adam, epsilon: 1e6 }) };
    const schedule = { learningRate: 1e6, warmup: 0, decay: "constant" } as const;
    await learn(whole, rewarded, settings({ schedule, maxGradNorm: 1e9 }), 0);
    const after = await weightsOf(engine);
    const gradient = weights.map((value, i) => value - (after[i] ?? NaN));

    for (const direction of [1, 2, 4]) {
      const distance = 4e-3;
      const up = await lossAt(moved(direction, distance).weights);
      const down = await lossAt(moved(direction, -distance).weights);
      const { slope } = moved(direction, 0, gradient);
      expect(Math.abs(slope)).toBeGreaterThan(1e-2);
      expect((up - down) / (2 * distance)).toBeCloseTo(slope, 2);
      expect(Math.abs((up - down) / (2 * distance) / slope - 1)).toBeLessThan(0.02);
    }
  });

  test("raises what was better than its group and lowers what was worse", async () => {
    const engine = await microEngine();
    const rewarded = await rewardedBy(engine);
    const sum = async () =>
      (await engine.forward(rewarded.map(toDatum))).map((all) => all.reduce((a, b) => a + b, 0));
    const [better = NaN, worse = NaN] = await sum();
    await learn(engine, rewarded, settings(), 0);
    const [betterAfter = NaN, worseAfter = NaN] = await sum();
    expect(betterAfter).toBeGreaterThan(better);
    expect(worseAfter).toBeLessThan(worse);
  });

  test("an advantage of 0 moves nothing", async () => {
    const engine = await microEngine();
    const before = await engine.weightsVersion();
    const rewarded = (await rewardedBy(engine)).map(({ reflection }) => ({ reflection, advantage: 0 }));
    expect((await learn(engine, rewarded, settings(), 0)).gradNorm).toBe(0);
    expect(await engine.weightsVersion()).toBe(before);
  });

  test("a KL penalty holds on to the reference, and clipping only acts from the second update on", async () => {
    const schedule = { learningRate: 3e-3, warmup: 0, decay: "constant" } as const;
    const reference = await microEngine();
    const rewarded = await rewardedBy(reference);
    const after = async (updates: number, klCoefficient: number) =>
      learn(await microEngine(), rewarded, settings({ klCoefficient, reference, schedule, updates }), 0);
    const first = await after(1, 0.1);
    expect(first.kl).toBeLessThan(1e-6);
    expect(first.clipped).toBe(0);
    const free = await after(8, 0);
    expect(free.kl).toBeGreaterThan(0.01);
    expect(free.clipped).toBeGreaterThan(0);
    expect((await after(8, 3)).kl).toBeLessThan(0.5 * free.kl);
  });

  test.each([
    ["grpo", { kind: "grpo" }],
    ["dapo", { kind: "dapo" }],
    // Two reflections reach the engine, 24 × 8 were drawn.
    ["dr_grpo", { kind: "dr_grpo", sequences: 192, maxTokens: 8 }],
  ] as const)("hands the loss to the engine under normalisation %s", async (normalization, expected) => {
    const engine = await microEngine();
    const seen: Loss[] = [];
    const spied: Engine = {
      ...engine,
      forwardBackward(data, loss) {
        seen.push(loss);
        return engine.forwardBackward(data, loss);
      },
    };
    const chosen = settings({
      normalization,
      failuresPerStep: 24,
      groupSize: 8,
      clipLow: 0.1,
      clipHigh: 0.3,
    });
    const report = await learn(spied, await rewardedBy(engine), chosen, 0);
    expect(seen).toEqual([
      { kind: "policy-gradient", clipLow: 0.1, clipHigh: 0.3, klCoefficient: 0, normalization: expected },
    ]);
    expect(report.gradNorm).toBeGreaterThan(0);
  });
});
