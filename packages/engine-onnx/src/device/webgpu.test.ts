import { join } from "node:path";
import { createSession } from "@rrr/autodiff";
import {
  type Adapter,
  type Datum,
  type DecoderConfig,
  type Engine,
  initAdapter,
  initWeights,
  type Loss,
  type PolicyGradientLoss,
  readSafetensors,
  toModelFiles,
  type Weights,
} from "@rrr/trainer";
import { MICRO_CONFIG, microModel, testEngine } from "@rrr/trainer/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { isMissing } from "../../test/device.ts";
import { temporaryDir } from "../../test/temporary-dir.ts";
import { fullParameters, loraParameters } from "../decoder/parameters.ts";
import { createOnnxEngine } from "../index.ts";
import { scoringGraph, trainingGraph } from "../learn/scoring-graph.ts";
import type { CompiledLoss } from "../learn/split-loss.ts";
import { blockGraph } from "../sample/sampling-graphs.ts";
import { adamGraph, squaresGraph } from "./adam-graph.ts";
import { arrangeGraph } from "./arrange-graph.ts";
import { deviceStepGraph } from "./device-step-graph.ts";

const rows = 8;
const policy: PolicyGradientLoss = {
  kind: "policy-gradient",
  clipLow: 0.2,
  clipHigh: 0.28,
  klCoefficient: 0.1,
  normalization: { kind: "grpo" },
};
const losses: Readonly<Record<string, Loss>> = {
  "cross-entropy": { kind: "cross-entropy" },
  "ppo, with a penalty and an entropy bonus": { ...policy, entropyCoefficient: 0.01 },
  gspo: { ...policy, surrogate: "gspo" },
  cispo: { ...policy, surrogate: "cispo" },
};

/** Of lengths on both sides of a block's; some prompts begin alike. */
const prompts = [1, 20, 40, 40].map((length, i) =>
  Int32Array.from({ length }, (_, t) => (7 * t + (t > 34 ? i : 0)) % MICRO_CONFIG.vocabSize),
);
const data: readonly Datum[] = prompts.map((prompt, i) => {
  const targets = Int32Array.from({ length: 4 + 3 * i }, (_, t) => (5 * t + 11 * i + 1) % 48);
  const around = (spread: number) =>
    Float32Array.from(targets, (_, t) => -3.9 + spread * Math.sin(t + 2 * i));
  const weights = Float32Array.from(targets, (_, t) => Math.sin(2 * t + i));
  return { prompt, targets, weights, logprobs: around(0.3), reference: around(0.5) };
});
const binary = data.map((datum) => ({
  ...datum,
  weights: datum.weights.map((weight) => (weight > 0 ? 1 : 0)),
}));

/** An adapter that changes its model. */
function lively(): Adapter {
  const { modules, rslora } = initAdapter(MICRO_CONFIG, { rank: 4 });
  const grown = [...modules].map(([name, module], key) => {
    const b = module.b.data.map((_, i) => 0.1 * Math.sin(0.7 * i * i + key));
    return [name, { ...module, b: { ...module.b, data: b } }] as const;
  });
  return { modules: new Map(grown), rslora };
}

async function pair(config: DecoderConfig, adapter?: Adapter): Promise<readonly [cpu: Engine, gpu: Engine]> {
  const bare = new Map([...microModel().files].filter(([name]) => name !== "config.json"));
  const model = toModelFiles(config, initWeights(config, 2), bare);
  const open = async (device: "cpu" | "webgpu"): Promise<Engine> => {
    const engine = await createOnnxEngine(model, { rows, threads: 1, device, ...(adapter && { adapter }) });
    onTestFinished(() => engine.close());
    return engine;
  };
  return [await open("cpu"), await open("webgpu")];
}

/** The state as it is stored: weights and both moments. */
async function stateOf(engine: Engine): Promise<Weights> {
  const dir = join(await temporaryDir(), "state");
  await engine.saveState(dir);
  return readSafetensors(join(dir, "state.safetensors"));
}

/** Largest distance of two tensors, relative to the length of the first. */
function distance(a: Weights, b: Weights, isCompared: (name: string) => boolean): number {
  let most = 0;
  for (const [name, { data: left }] of a) {
    if (!isCompared(name)) continue;
    const right = b.get(name)?.data as Float32Array;
    const length = Math.hypot(...left);
    const apart = Math.hypot(...left.map((value, i) => value - (right[i] as number)));
    // Where there is nothing but rounding there is nothing to compare.
    if (length > 1e-6) most = Math.max(most, apart / length);
  }
  return most;
}

const isGradient = (name: string): boolean => name.startsWith("adam.mean.");

const models: Readonly<Record<string, readonly [DecoderConfig, Adapter?]>> = {
  "all weights": [MICRO_CONFIG],
  "an adapter": [MICRO_CONFIG, lively()],
  "a vocabulary that is looked through in parts": [{ ...MICRO_CONFIG, vocabSize: 4_128 }],
  "fused projections, turned in part, several key heads": [
    {
      ...MICRO_CONFIG,
      modelType: "phi3",
      rotaryDim: 4,
      numHeads: 4,
      numKvHeads: 2,
      tieWordEmbeddings: false,
    },
  ],
};

describe.skipIf(isMissing)("the engine on webgpu", () => {
  test("it keeps the engine contract", async () => {
    const found = await testEngine(() => createOnnxEngine(microModel(1), { rows, device: "webgpu" }));
    expect(found).toEqual({ findings: [], untested: [] });
  }, 400_000);

  describe.each(Object.entries(models))("%s", (_, [config, adapter]) => {
    test("samples as on the CPU", async () => {
      const engines = await pair(config, adapter);
      for (const temperature of [1, 0]) {
        const [cpu, gpu] = await Promise.all(
          engines.map(async (engine) => {
            const calls = prompts.map((prompt, seed) =>
              engine.sample(prompt, { n: 3, maxTokens: 40, temperature, seed }),
            );
            return (await Promise.all(calls)).flat();
          }),
        );
        expect(gpu?.map(({ tokens, finish }) => ({ tokens, finish }))).toEqual(
          cpu?.map(({ tokens, finish }) => ({ tokens, finish })),
        );
        expectClose(
          gpu?.map(({ logprobs }) => logprobs),
          cpu?.map(({ logprobs }) => logprobs),
        );
      }
    });

    test("scores, differentiates and steps as on the CPU", async () => {
      const [cpu, gpu] = await pair(config, adapter);
      expectClose(await gpu.forward(data), await cpu.forward(data));
      if (adapter !== undefined) {
        expectClose(await gpu.initial?.forward(data), await cpu.initial?.forward(data));
      }
      for (const [name, loss] of Object.entries(losses)) {
        const given = loss.kind === "cross-entropy" ? binary : data;
        const reports = [];
        for (const engine of [cpu, gpu]) {
          // Twice, so that the one is added to the other.
          await engine.forwardBackward(given.slice(0, 2), loss);
          reports.push(await engine.forwardBackward(given, loss));
          // Then the first moment is the gradient itself.
          await engine.optimStep({
            learningRate: 1e-3,
            beta1: 0,
            epsilon: 1e-3,
            weightDecay: 0.1,
            maxGradNorm: 1,
          });
        }
        expect(reports[1]?.loss, name).toBeCloseTo(reports[0]?.loss as number, 4);
        const states = [await stateOf(cpu), await stateOf(gpu)] as const;
        expect(distance(...states, isGradient), `gradient of ${name}`).toBeLessThan(1e-3);
        expect(
          distance(...states, (tensor) => !isGradient(tensor)),
          `weights after ${name}`,
        ).toBeLessThan(1e-3);
      }
      expectClose(await gpu.forward(data), await cpu.forward(data));
    });
  });

  test("a state goes from one device to the other, bit for bit", async () => {
    const [cpu, gpu] = await pair(MICRO_CONFIG);
    for (const [from, to] of [
      [cpu, gpu],
      [gpu, cpu],
    ] as const) {
      await from.forwardBackward(binary, { kind: "cross-entropy" });
      await from.optimStep({ learningRate: 1e-2 });
      expect(await to.weightsVersion()).not.toBe(await from.weightsVersion());
      await to.loadState(await from.saveState(join(await temporaryDir(), "state")));
      expect(await to.weightsVersion()).toBe(await from.weightsVersion());
      expect(await stateOf(to)).toEqual(await stateOf(from));
      expectClose(await to.forward(data), await from.forward(data));
    }
  });

  test("no node of any graph is computed on the CPU", async () => {
    const size = { rows: 2, length: 64, slots: 64 };
    const clip = { kind: "policy-gradient", clipLow: 0.2, clipHigh: 0.28, klCoefficient: 0.1 } as const;
    const compiled: readonly CompiledLoss[] = [
      { kind: "cross-entropy" },
      { ...clip, entropyCoefficient: 0.01 },
      { ...clip, surrogate: "gspo" },
      { ...clip, surrogate: "cispo" },
    ];
    for (const [name, [config, adapter]] of Object.entries(models)) {
      const weights = initWeights(config, 2);
      const parameters =
        adapter === undefined ? fullParameters(config, weights) : loraParameters(config, weights, adapter);
      const { outputs, cache } = deviceStepGraph(config, parameters, { rows, length: 64 });
      const { signs, next } = adamGraph([4, 6]);
      const graphs = [
        scoringGraph(config, parameters, size),
        ...compiled.map((loss) => trainingGraph(config, parameters, size, loss)),
        // So long that attention skips what nobody sees.
        trainingGraph(config, parameters, { rows: 1, length: 320, slots: 160 }, { kind: "cross-entropy" }),
        blockGraph(config, parameters, { rows, length: 64 }, 1),
        { ...outputs, ...cache },
        { ...signs, ...next },
        squaresGraph(parameters.trained),
        arrangeGraph(
          ["keys 0"],
          [
            [4, 1, 64, 8],
            [2, 1, 32, 8],
            [8, 1, 96, 8],
          ],
        ),
      ];
      for (const [number, graph] of graphs.entries()) {
        const session = await createSession(graph, { device: "webgpu", threads: 1, fallback: false }).catch(
          (error: Error) => expect.fail(`graph ${number} of ${name}: ${error.message}`),
        );
        await session.close();
      }
    }
  });
});

/** Within 1e-4 nats. */
function expectClose(
  found: readonly Float32Array[] | undefined,
  expected: readonly Float32Array[] | undefined,
): void {
  expect(expected?.length).toBeGreaterThan(0);
  expect(found?.length).toBe(expected?.length);
  expected?.forEach((values, i) => {
    values.forEach((value, t) => {
      expect(Math.abs((found?.[i]?.[t] as number) - value), `element ${t} of ${i}`).toBeLessThan(1e-4);
    });
  });
}
