import { join } from "node:path";
import type { DecoderConfig, Engine, TokenCompletion } from "@rrr/trainer";
import { initAdapter, initWeights } from "@rrr/trainer";
import { MICRO_CONFIG, microModel } from "@rrr/trainer/testing";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openLearner } from "../../test/open-learner.ts";
import { temporaryDir } from "../../test/temporary-dir.ts";
import { fullParameters } from "../decoder/parameters.ts";
import { createOnnxEngine } from "../index.ts";
import { blockLength, createPrefixCache, type PrefixBlock } from "./prefix-cache.ts";
import { createSampler } from "./sampler.ts";

test("blocks are a prompt's tokens in order, and the same ones for the same beginning", () => {
  const prompt = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 3 }).map((bits) =>
    // Whole blocks of zeros or ones, and a rest.
    Int32Array.from([...bits.flatMap((bit) => new Array<number>(blockLength).fill(bit)), ...bits]),
  );
  fc.assert(
    fc.property(fc.array(prompt, { maxLength: 20 }), fc.integer({ min: 0, max: 9 }), (prompts, most) => {
      const cache = createPrefixCache(most);
      const seen: (readonly [Int32Array, readonly PrefixBlock[]])[] = [];
      for (const tokens of prompts) {
        const path = cache.blocksOf(tokens);
        expect(path.flatMap((block) => [...block.tokens])).toEqual([...tokens]);
        path.forEach((block, i) => void expect(block.start).toBe(i * blockLength));
        // What was asked for just before is the same block, and no other beginning is.
        for (const [others, blocks] of seen.slice(-1)) {
          path.forEach((block, i) => {
            const end = block.start + block.tokens.length;
            const isSame =
              blocks[i]?.tokens.length === block.tokens.length &&
              tokens.subarray(0, end).join() === others.subarray(0, end).join();
            expect(block === blocks[i]).toBe(isSame);
          });
        }
        seen.push([tokens, path]);
      }
      cache.trim();
      const last = seen.at(-1);
      if (last === undefined) return;
      const again = cache.blocksOf(last[0]);
      // The newest are kept, from the start on, as many as there is room for.
      again.forEach((block, i) => void expect(block === last[1][i]).toBe(i < most));
      cache.clear();
      cache.blocksOf(last[0]).forEach((block, i) => void expect(block).not.toBe(again[i]));
    }),
  );
});

const LLAMA: DecoderConfig = {
  ...MICRO_CONFIG,
  modelType: "llama",
  numHeads: 4,
  numKvHeads: 2,
  maxPositions: 400,
};
const PHI: DecoderConfig = { ...LLAMA, modelType: "phi3", rotaryDim: 4 };
const WIDE: DecoderConfig = { ...LLAMA, hiddenSize: 128, intermediateSize: 384, headDim: 64 };

const text = (length: number, key: number): number[] =>
  Array.from({ length }, (_, i) => (7 * i * i + 3 * key + i) % 48);
/** A conversation that grows, of two beginnings, and prompts that are a block to the token, or one off. */
const PROMPTS: readonly Int32Array[] = [
  ...[1, 20, 90, 91, 160, 300].map((length) => text(300, 1).slice(0, length)),
  ...[5, 40, 200].map((length) => [...text(70, 1), ...text(length, 2)]),
  ...[1, 2, blockLength + 1].map((more) => text(blockLength + more, 3)),
].map((tokens) => Int32Array.from(tokens));

test.each([
  ["llama", LLAMA, 1],
  ["phi3", PHI, 1],
  ["llama, wider, on two threads", WIDE, 2],
] as const)("a prompt that was found is, to the bit, one that was read: %s", async (_, config, threads) => {
  const parameters = fullParameters(config, initWeights(config, 6));
  const runtime = { threads, spinning: false };
  const sampler = createSampler(config, parameters, { ...runtime, rows: 16, stopIds: [] });
  const learner = openLearner(config, parameters, runtime);
  onTestFinished(() => Promise.all([sampler.close(), learner.close()]).then(() => undefined));
  const ask = async (i: number): Promise<TokenCompletion> => {
    const options = { n: 1, maxTokens: 4, temperature: 1, seed: i };
    return (await sampler.sample(PROMPTS[i] as Int32Array, options))[0] as TokenCompletion;
  };
  const expected: TokenCompletion[] = [];
  for (const i of PROMPTS.keys()) {
    sampler.forget();
    expected.push(await ask(i));
  }
  // All at once, the first time with what the last prompt left, the second time with all of them known.
  const together = () => Promise.all([...PROMPTS.keys()].map(ask));
  expect(await together()).toEqual(expected);
  expect(await together()).toEqual(expected);
  // One after another, the longest of a conversation first.
  sampler.forget();
  for (const i of [...PROMPTS.keys()].reverse()) expect(await ask(i)).toEqual(expected[i]);
  const data = expected.map(({ tokens }, i) => {
    return { prompt: PROMPTS[i] as Int32Array, targets: tokens, weights: new Float32Array(tokens.length) };
  });
  for (const [i, logprobs] of (await learner.forward(data)).entries()) {
    logprobs.forEach((value, t) => {
      expect(Math.abs(value - (expected[i]?.logprobs[t] as number))).toBeLessThan(1e-5);
    });
  }
});

async function open(lora: boolean): Promise<Engine> {
  const model = { ...microModel(), config: LLAMA, weights: initWeights(LLAMA, 6) };
  const adapter = lora ? { adapter: initAdapter(LLAMA, { rank: 4 }) } : {};
  const engine = await createOnnxEngine(model, { rows: 8, threads: 1, ...adapter });
  onTestFinished(() => engine.close());
  return engine;
}

test.each([false, true])("a step, and a state that is loaded, empty the cache (LoRA: %s)", async (lora) => {
  const engine = await open(lora);
  const prompt = Int32Array.from(text(100, 1));
  const ask = (engine: Engine) => engine.sample(prompt, { n: 2, maxTokens: 4, temperature: 1, seed: 3 });
  const step = async () => {
    const weights = Float32Array.of(1, 1);
    await engine.forwardBackward([{ prompt, targets: Int32Array.of(3, 4), weights }], {
      kind: "cross-entropy",
    });
    await engine.optimStep({ learningRate: 0.05 });
  };
  const dir = await temporaryDir();
  const before = await ask(engine);
  const state = await engine.saveState(join(dir, "state"));
  await step();
  const after = await ask(engine);
  expect(after).not.toEqual(before);
  // The same weights in an engine that never saw others.
  const fresh = await open(lora);
  const stepped = await engine.saveState(join(dir, "stepped"));
  await fresh.loadState(stepped);
  expect(await ask(fresh)).toEqual(after);
  await engine.loadState(state);
  expect(await ask(engine)).toEqual(before);
});
