/**
 * `pnpm bench:rows [--rounds 5]`: sampling from the shape of SmolLM2-135M, with LoRA of rank 16, by the number of completions
 * that are written at once, beside what the machine can do at most.
 *
 * A step is timed as the difference of two calls, of 2 tokens and of 34: the prompts of 32 tokens have been read before. Own
 * time is the share of the longer call that is not spent inside the runtime.
 * Operations of a token: 2 per weight, the vocabulary's once, and 4 · layers · heads · headDim per token that it sees.
 * Peak: see peak.ts, the best before, between and after.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { initAdapter, initWeights } from "@rrr/trainer";
import { measurePeak } from "../peak.ts";
import { timeInRuntime } from "../runtime-clock.ts";
import { SMOLLM2 as config, wordless } from "../shapes.ts";

const ROWS = [1, 8, 16, 32, 48, 64];
const [short, long, promptTokens] = [2, 34, 32];
const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const threads = availableParallelism();
const weights = initWeights(config, 0);
const count = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
const seen = promptTokens + (short + long) / 2;
const operations = 2 * count + 4 * config.numLayers * config.numHeads * config.headDim * seen;

const peaks = [await measurePeak(threads)];
const engine = await createOnnxEngine(
  { config, weights, tokenizer: wordless(config), files: new Map() },
  { threads, rows: 64, adapter: initAdapter(config, { rank: 16, alpha: 32 }) },
);
const measured: { readonly rows: number; readonly step: number; readonly own: number }[] = [];
for (const rows of ROWS) {
  await sample(rows, long, 0);
  const times: { readonly step: number; readonly own: number }[] = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    // The prompts of both have been read then: neither reads anything.
    await sample(rows, 1, round);
    const [a, b] = [await sample(rows, short, round), await sample(rows, long, round)];
    const step = (b.seconds - a.seconds) / (long - short);
    times.push({ step, own: 1 - b.inside / b.seconds });
  }
  const middle = times.sort((a, b) => a.step - b.step)[Math.floor(times.length / 2)];
  if (middle !== undefined) measured.push({ rows, ...middle });
  peaks.push(await measurePeak(threads));
}
await engine.close();

const peak = Math.max(...peaks);
console.log(`${(count / 1e6).toFixed(0)} M weights · ${threads} threads · peak ${peak.toFixed(0)} GFLOP/s`);
console.log("rows   a step   tokens/s   of the peak   own time");
for (const { rows, step, own } of measured) {
  const share = (rows * operations) / step / 1e9 / peak;
  const cells = [
    `${rows}`.padStart(4),
    `${(1000 * step).toFixed(0)} ms`.padStart(8),
    (rows / step).toFixed(0).padStart(10),
    `${(100 * share).toFixed(1)} %`.padStart(13),
    `${(100 * own).toFixed(1)} %`.padStart(10),
  ];
  console.log(cells.join(" "));
}

/** @returns seconds by the clock, and those of them inside the runtime */
async function sample(
  rows: number,
  maxTokens: number,
  round: number,
): Promise<{ readonly seconds: number; readonly inside: number }> {
  const [start, before] = [performance.now(), timeInRuntime()];
  await Promise.all(
    Array.from({ length: rows }, (_, row) => {
      const prompt = Int32Array.from(
        { length: promptTokens },
        (_, i) => (row + 7919 * i + 1009 * round) % config.vocabSize,
      );
      return engine.sample(prompt, { n: 1, maxTokens, temperature: 1, seed: 100 * round + row });
    }),
  );
  return { seconds: (performance.now() - start) / 1000, inside: (timeInRuntime() - before) / 1000 };
}
