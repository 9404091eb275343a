/**
 * `npx tsx benchmarks/real-model/exported.ts <folder>`: a small model of each family takes ten steps of the optimiser and
 * is exported, once with the config.json that it came with and once with ours. `exported.py` loads them in transformers.
 */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { initWeights, parseConfig, readModelDir, type TextFiles, toModelFiles } from "@rrr/trainer";
import { microTextFiles } from "@rrr/trainer/testing";

interface Golden {
  readonly cases: Readonly<
    Record<string, { readonly config: Readonly<Record<string, unknown>>; readonly tokens: readonly number[] }>
  >;
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../packages/engine-onnx/test/golden/families.json", import.meta.url), "utf8"),
);
const [folder = ""] = process.argv.slice(2);
await mkdir(folder, { recursive: true });

for (const [name, { config: content, tokens }] of Object.entries(golden.cases)) {
  const config = parseConfig(content);
  const short = tokens.slice(0, config.maxPositions);
  const own: TextFiles = new Map([...microTextFiles(), ["config.json", JSON.stringify(content)] as const]);
  const none: TextFiles = new Map([...own].filter(([file]) => file !== "config.json"));
  for (const [kind, files] of [
    ["theirs", own],
    ["ours", none],
  ] as const) {
    const dir = join(folder, `${name}, config.json ${kind}`);
    const engine = await createOnnxEngine(toModelFiles(config, initWeights(config, 1), files), {
      threads: 1,
    });
    const targets = Int32Array.from(short.slice(4));
    const weights = new Float32Array(targets.length).fill(1);
    const datum = { prompt: Int32Array.from(short.slice(0, 4)), targets, weights };
    for (let step = 0; step < 10; step++) {
      await engine.forwardBackward([datum], { kind: "cross-entropy" });
      await engine.optimStep({ learningRate: 0.01 });
    }
    const [logprobs] = await engine.forward([datum]);
    await engine.exportModel(dir);
    await engine.close();
    // Read again here, too.
    const again = await createOnnxEngine(await readModelDir(dir), { threads: 1 });
    const [reread] = await again.forward([datum]);
    await again.close();
    if (logprobs?.join() !== reread?.join()) throw new Error(`${dir}: read again, it is another model`);
    await writeFile(
      join(dir, "expected.json"),
      JSON.stringify({ tokens: short, prompt: 4, logprobs: Array.from(logprobs ?? []) }),
    );
  }
}
