import { expect, test } from "vitest";
import { microEngine } from "../../test/micro-engine.ts";
import type { AdamSettings, Engine, EngineCapabilities } from "../engine.ts";
import { testEngine } from "./test-engine.ts";

const NO_ENTROPY = { what: "entropy bonus", why: "capabilities.entropy is not true" };
const OWN_LAYOUT = { what: "the exported model can be read", why: 'its layout is "other"' };

/** The small engine with some of its verbs, and of its claims, replaced. */
const changed =
  (change: (engine: Engine) => Partial<Engine>, claims: Partial<EngineCapabilities> = {}) =>
  async (): Promise<Engine> => {
    const engine = microEngine();
    return { ...engine, capabilities: { ...engine.capabilities, ...claims }, ...change(engine) };
  };

/** Steps with some settings replaced, whatever is asked. */
const stepping = (fixed: Partial<AdamSettings>) => (engine: Engine) => ({
  optimStep: (adam: AdamSettings) => engine.optimStep({ ...adam, ...fixed }),
});

test("the smallest engine keeps the contract; its export alone is not looked into", async () => {
  expect(await testEngine(async () => microEngine())).toEqual({
    findings: [],
    untested: [NO_ENTROPY, OWN_LAYOUT],
  });
});

test.each<[string, () => Promise<Engine>, string]>([
  ["gradients of other tokens", changed(leaking), "gradient-leaks"],
  ["a setting that is ignored", changed(stepping({ weightDecay: 0 })), "setting-ignored"],
  ["clipping that is ignored", changed(stepping({ maxGradNorm: 0 })), "setting-ignored"],
  ["a state that is not loaded", changed(() => ({ loadState: async () => {} })), "state-lost"],
  ["log-probabilities at another temperature", changed(() => ({}), { logprobs: "one" }), "logprobs-differ"],
  ["a state elsewhere than claimed", changed(() => ({}), { state: "address" }), "wrong-reference"],
  ["a folder that is not there", changed(astray), "wrong-reference"],
  ["a missing verb", changed(() => ({ weightsVersion: undefined as never })), "broken"],
  ["no capabilities", changed(() => ({ capabilities: undefined as never })), "broken"],
])("%s: found out", async (_, create, code) => {
  const { findings } = await testEngine(create);
  expect(findings.map((finding) => finding.code)).toContain(code);
});

test("what is not claimed is not tested, and listed", async () => {
  let call = 0;
  const limited = changed(
    (engine) => ({
      ...stepping({ weightDecay: 0, maxGradNorm: 0, epsilon: 1e-8 })(engine),
      sample: (prompt, options) => engine.sample(prompt, { ...options, seed: options.seed + call++ }),
    }),
    { fixed: { weightDecay: 0, maxGradNorm: 0, epsilon: 1e-8 }, normalizations: ["grpo"], seeds: false },
  );
  const { findings, untested } = await testEngine(limited);
  expect(findings).toEqual([]);
  expect(untested.map(({ what }) => what)).toEqual([
    "the same prompt and seed give the same tokens",
    "gradients are slopes",
    "normalisation dapo",
    "normalisation dr_grpo",
    "entropy bonus",
    "only tokens with an advantage carry a gradient",
    "weight decay",
    "clipping",
    OWN_LAYOUT.what,
  ]);
});

function leaking(engine: Engine): Partial<Engine> {
  return {
    forwardBackward: (data, loss) =>
      engine.forwardBackward(
        data.map((datum) => ({ ...datum, weights: datum.weights.map((a) => a + 0.1) })),
        loss,
      ),
  };
}

function astray(engine: Engine): Partial<Engine> {
  return {
    async exportModel(dir) {
      await engine.exportModel(dir);
      return { kind: "folder", path: `${dir}-elsewhere`, layout: "other" };
    },
  };
}
