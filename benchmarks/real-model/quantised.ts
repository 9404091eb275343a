/**
 * `npx tsx benchmarks/real-model/quantised.ts [FOLDER] [--prompts 40]`: what base weights in 8 or 4 bits would cost.
 *
 * The layers' matrices are rounded as onnxruntime's MatMulNBits keeps them: blocks of 32 of a row, a scale each, symmetric. The
 * model's own greedy answers to Countdown's prompts are scored before and after. Absent: the built-in Countdown model. A
 * folder that was made from a file in 4 bits has lost most of this already.
 */
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { type Datum, type ModelFiles, readModelDir } from "@rrr/trainer";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { prompts: { type: "string", default: "40" } },
});
const model = await readModelDir(positionals[0] ?? builtinModelDir("countdown"));
const task = countdown({ preset: "small" });
const prompts: Int32Array[] = [];
for await (const item of task.items("test", 0)) {
  if (prompts.length === Number(values.prompts)) break;
  prompts.push(model.tokenizer.encodeChat(task.prompt(item)));
}

const whole = await scored(model);
console.log("bits   mean |Δ| nats   largest   greedy answers changed   bytes of the layers");
for (const bits of [8, 4]) {
  const { data, answers } = await scored(rounded(model, bits), whole.data);
  const apart = data.logprobs.flatMap((row, i) =>
    [...row].map((value, t) => Math.abs(value - (whole.data.logprobs[i]?.[t] as number))),
  );
  const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  const changed = answers.filter((answer, i) => answer.join() !== whole.answers[i]?.join()).length;
  const share = (bits + 32 / 32) / 32;
  console.log(
    `${`${bits}`.padEnd(7)}${mean.toExponential(1).padEnd(16)}${Math.max(...apart)
      .toFixed(3)
      .padEnd(10)}` + `${`${changed} of ${answers.length}`.padEnd(25)}${(100 * share).toFixed(0)} %`,
  );
}

interface Scored {
  readonly data: { readonly items: readonly Datum[]; readonly logprobs: readonly Float32Array[] };
  readonly answers: readonly Int32Array[];
}

/** Greedy answers, and log-probabilities of the answers in `of` (absent: these). */
async function scored(files: ModelFiles, of?: Scored["data"]): Promise<Scored> {
  const engine = await createOnnxEngine(files);
  const written = await Promise.all(
    prompts.map((prompt) => engine.sample(prompt, { n: 1, maxTokens: 60, temperature: 0, seed: 0 })),
  );
  const answers = written.map(([completion]) => completion?.tokens ?? new Int32Array());
  const items =
    of?.items ??
    answers.map((targets, i): Datum => {
      return { prompt: prompts[i] as Int32Array, targets, weights: new Float32Array(targets.length).fill(1) };
    });
  const logprobs = await engine.forward(items);
  await engine.close();
  return { data: { items, logprobs }, answers };
}

/** The layers' matrices in so many bits. */
function rounded({ weights, ...files }: ModelFiles, bits: number): ModelFiles {
  const most = 2 ** (bits - 1) - 1;
  const all = [...weights].map(([name, { shape, data }]) => {
    if (shape.length !== 2 || !name.startsWith("model.layers.")) return [name, { shape, data }] as const;
    const rough = data.slice();
    for (let start = 0; start < rough.length; start += 32) {
      const block = rough.subarray(start, start + 32);
      const scale = block.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / most || 1;
      block.forEach((value, i) => {
        block[i] = Math.round(value / scale) * scale;
      });
    }
    return [name, { shape, data: rough }] as const;
  });
  return { ...files, weights: new Map(all) };
}
