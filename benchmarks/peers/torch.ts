/**
 * `pnpm bench:torch [--shape reference|135M|0.4M|…] [--rounds 5] [--only train,sample] [--tools DIR] [--json]`: training and sampling beside
 * PyTorch.
 *
 * The same work, in turn: the embedded engine; a current PyTorch wheel with the same decoder of Hugging Face's transformers,
 * eager and compiled (`torch.compile`), with its fused AdamW; sampling with `generate`. Each has all threads, and each is
 * idle while another works. Medians, and ratios of this run.
 *
 * `reference`: 1.8 M weights, all trained. A batch of 32 sequences of 128 tokens; 64 rows write 100 tokens after a prompt of one.
 * `0.4M`, `2M`, `13M`, `49M`, `135M-full`: shapes of growing size, all weights trained. 8 sequences of 128 tokens; 64 rows write 32 tokens.
 * `135M`: SmolLM2's shape, LoRA of rank 16 on every projection. 8 sequences of 128 tokens; 64 rows write 32 tokens after 32.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { type Datum, type DecoderConfig, type Engine, initAdapter, initWeights } from "@rrr/trainer";
import { REFERENCE, SMOLLM2, wordless } from "../shapes.ts";
import { type Contender, inTurn, medianOf, secondsOf } from "./in-turn.ts";
import { type PythonProgram, startPython } from "./python-program.ts";
import { scratchPython } from "./scratch-python.ts";

interface Work {
  readonly config: DecoderConfig;
  /** Of the adapter; 0 trains all weights. */
  readonly rank: number;
  readonly sequences: number;
  readonly length: number;
  /** Most tokens of one forward and backward pass of PyTorch. */
  readonly batchTokens: number;
  readonly rows: number;
  readonly promptTokens: number;
  readonly sampledTokens: number;
}

const WORK: Readonly<Record<string, Work>> = {
  reference: {
    ...{ config: REFERENCE, rank: 0, sequences: 32, length: 128, batchTokens: 4096 },
    ...{ rows: 64, promptTokens: 1, sampledTokens: 100 },
  },
  "135M": {
    ...{ config: SMOLLM2, rank: 16, sequences: 8, length: 128, batchTokens: 512 },
    ...{ rows: 64, promptTokens: 32, sampledTokens: 32 },
  },
};

/** Of growing size: name, width, layers, vocabulary. */
const GROWING = [
  ["0.4M", 96, 3, 64],
  ["2M", 192, 4, 512],
  ["13M", 384, 6, 4_096],
  ["49M", 512, 12, 16_384],
] as const;
const GROWN = {
  rank: 0,
  sequences: 8,
  length: 128,
  batchTokens: 512,
  rows: 64,
  promptTokens: 1,
  sampledTokens: 32,
};
const shapes: Readonly<Record<string, Work>> = {
  ...WORK,
  "135M-full": { ...GROWN, config: SMOLLM2 },
  ...Object.fromEntries(
    GROWING.map(([name, hiddenSize, numLayers, vocabSize]) => {
      const numHeads = hiddenSize / 32;
      const sizes = {
        hiddenSize,
        intermediateSize: 3 * hiddenSize,
        numLayers,
        vocabSize,
        numHeads,
        numKvHeads: numHeads,
      };
      return [name, { ...GROWN, config: { ...REFERENCE, ...sizes } }];
    }),
  ),
};

const { values } = parseArgs({
  options: {
    shape: { type: "string", default: "reference" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "train,sample" },
    tools: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const work = shapes[values.shape];
if (work === undefined) throw new Error(`--shape: one of ${Object.keys(shapes).join(", ")}`);
const threads = availableParallelism();
const program = fileURLToPath(new URL("torch_model.py", import.meta.url));
const python = scratchPython(values.tools);

const engine = await open(work);
const eager = await startPython(python, [program, JSON.stringify({ ...work, threads, compiled: false })]);
const compiled = await startPython(python, [program, JSON.stringify({ ...work, threads, compiled: true })]);
if (!values.json)
  console.log(
    `${values.shape} · PyTorch ${eager.greeting.torch} · ${threads} threads · ${values.rounds} rounds in turn`,
  );
const asked = values.only.split(",");
if (asked.includes("train")) {
  await compare("training", work.sequences * work.length, [
    { name: "rrr", round: () => secondsOf(() => train(engine, work)) },
    peer("PyTorch, eager", eager, "train"),
    peer("PyTorch, compiled", compiled, "train"),
  ]);
}
if (asked.includes("sample")) {
  let seed = 0;
  await compare("sampling", work.rows * work.sampledTokens, [
    { name: "rrr", round: () => secondsOf(() => sample(engine, work, seed++)) },
    peer("generate", eager, "sample"),
  ]);
}
await Promise.all([engine.close(), eager.close(), compiled.close()]);

async function open({ config, rank, rows }: Work): Promise<Engine> {
  const model = { config, weights: initWeights(config, 0), tokenizer: wordless(config), files: new Map() };
  const adapter = rank > 0 ? { adapter: initAdapter(config, { rank, alpha: 2 * rank }) } : {};
  return createOnnxEngine(model, { threads, rows, ...adapter });
}

function peer(name: string, { ask }: PythonProgram, question: "train" | "sample"): Contender {
  return { name, round: async () => Number((await ask(question)).seconds) };
}

/** No two sequences begin alike: nothing of the work is shared. */
async function train(engine: Engine, { config, sequences, length }: Work): Promise<void> {
  const data = Array.from({ length: sequences }, (_, d): Datum => {
    const token = (i: number): number => (d + 7919 * i * (d + 1)) % config.vocabSize;
    const targets = Int32Array.from({ length }, (_, i) => token(i + 1));
    return { prompt: Int32Array.of(token(0)), targets, weights: new Float32Array(length).fill(1) };
  });
  await engine.forwardBackward(data, { kind: "cross-entropy" });
  await engine.optimStep({ learningRate: 1e-4, maxGradNorm: 1 });
}

async function sample(
  engine: Engine,
  { config, rows, promptTokens, sampledTokens }: Work,
  round: number,
): Promise<void> {
  await Promise.all(
    Array.from({ length: rows }, (_, row) => {
      const token = (i: number): number => (row + 7919 * i + 1009 * round) % config.vocabSize;
      const prompt = Int32Array.from({ length: promptTokens }, (_, i) => token(i));
      return engine.sample(prompt, {
        n: 1,
        maxTokens: sampledTokens,
        temperature: 1,
        seed: 100 * round + row,
      });
    }),
  );
}

async function compare(name: string, tokens: number, contenders: readonly Contender[]): Promise<void> {
  const times = await inTurn(contenders, Number(values.rounds));
  const own = medianOf(times, "rrr");
  for (const [who, all] of times) {
    const median = medianOf(times, who);
    const rate = Math.round(tokens / median).toLocaleString("en");
    if (values.json) {
      console.log(
        JSON.stringify({ work: name, name: who, tokensPerSecond: tokens / median, ratio: median / own }),
      );
      continue;
    }
    const spread = `${all[0]?.toFixed(3)} to ${all.at(-1)?.toFixed(3)} s`;
    const ratio = who === "rrr" ? "" : `rrr is ${(median / own).toFixed(2)} × as fast`;
    console.log(
      `${name.padEnd(10)}${who.padEnd(20)}${rate.padStart(9)} tokens/s   ${spread.padEnd(20)}   ${ratio}`,
    );
  }
}
