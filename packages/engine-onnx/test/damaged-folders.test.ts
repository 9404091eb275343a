/** Whatever is wrong with a model's folder, opening it and asking it ends soon: with numbers, or with an RrrError. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, deriveKey, type Random, RrrError } from "@rrr/core";
import { createPolicy, type DecoderConfig, initWeights, readModelDir, writeModelDir } from "@rrr/trainer";
import { MICRO_CONFIG, microModel, microTextFiles } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { createOnnxEngine } from "../src/index.ts";
import { temporaryDir } from "./temporary-dir.ts";

const VALUES = ["-1", "0", "1e9", "2147483648", "null", "[]", "{}", "true", "1e400", '""', "0.5", '"x"'];
const LITERAL = /-?\d+(\.\d+)?|true|false|null|"[^"]*"/g;
const FILES = ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"] as const;

/** Flips bits, cuts, repeats, or puts another value in the place of one. */
function damage(bytes: Buffer, isText: boolean, random: Random): Buffer {
  const [at, from] = [random.int(bytes.length), random.int(bytes.length)];
  switch (random.int(isText ? 4 : 3)) {
    case 0:
      bytes[at] = (bytes[at] as number) ^ (1 << random.int(8));
      return bytes;
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.int(200))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + 200), bytes.subarray(at)]);
    default: {
      const text = bytes.toString();
      const found = random.pick([...text.matchAll(LITERAL)]);
      return Buffer.from(
        text.slice(0, found.index) + random.pick(VALUES) + text.slice(found.index + found[0].length),
      );
    }
  }
}

async function outcome(dir: string): Promise<string> {
  try {
    const engine = await createOnnxEngine(await readModelDir(dir), { rows: 8, threads: 1 });
    const ask = createPolicy(engine).generate([{ role: "user", content: "7?" }], {
      maxTokens: 4,
      temperature: 1,
      seed: 1,
    });
    const [completion] = await ask.finally(() => engine.close());
    return completion?.tokens?.logprobs.every(Number.isFinite) === true ? "numbers" : "no numbers";
  } catch (error) {
    return RrrError.is(error) && !/[\r\n]/.test(error.message) ? error.code : `not an RrrError: ${error}`;
  }
}

/** One whose config.json says much of positions. */
function phi3() {
  const config: DecoderConfig = {
    ...MICRO_CONFIG,
    modelType: "phi3",
    rotaryDim: 4,
    ropeScaling: {
      type: "longrope",
      shortFactors: [1, 1.5],
      longFactors: [2, 4],
      attentionFactor: 1.1,
      originalMaxPositions: 128,
      extendedMaxPositions: 1024,
    },
  };
  const files = new Map([...microTextFiles()].filter(([name]) => name !== "config.json"));
  return { config, weights: initWeights(config, 1), files };
}

test.each([...FILES.map((file) => [file, microModel(1)] as const), ["config.json", phi3()] as const])(
  "a damaged %s",
  { timeout: 120_000 },
  async (file, model) => {
    const dir = join(await temporaryDir(), "model");
    await writeModelDir(dir, model, "F32");
    const whole = await readFile(join(dir, file));
    const random = createRandom(deriveKey(7, file));
    const seen = new Set<string>();
    for (let i = 0; i < 150; i++) {
      await writeFile(join(dir, file), damage(Buffer.from(whole), file.endsWith(".json"), random));
      const started = performance.now();
      seen.add(await outcome(dir));
      expect(performance.now() - started).toBeLessThan(10_000);
    }
    expect(
      [...seen].filter((kind) => !["numbers", "bad-model", "diverged", "context-overflow"].includes(kind)),
    ).toEqual([]);
    expect(seen).toContain("bad-model");
  },
);
