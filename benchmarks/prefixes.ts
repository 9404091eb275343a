/**
 * `pnpm bench:prefixes [countdown|function-calling|135M|500] [rounds] [failures]`: what reading prefixes once saves.
 *
 * Failures (default 8) with eight reflections each, and their retries. The same work is done twice in turn: as it comes, and
 * with another first token in each prompt, after which no two prompts begin alike and nothing can be shared. All else is the
 * same: lengths, completions, the engine. Printed are the medians and what is between them, in seconds and in seconds of the
 * processors, which other programs disturb less.
 *
 * `countdown`, `function-calling`: the built-in models on their tasks, all weights trained, episodes of their own.
 * `135M`: a model of SmolLM2-135M's shape with random weights and LoRA, prompts of 150 tokens, 32 tokens a reflection.
 * `500`: the same with prompts of 500 tokens, as tasks with tools have.
 */
import { builtinModelDir } from "@rrr/builtin-model";
import { type FailedAttempt, reflectAndRetryGroup, type Task } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { functionCalling } from "@rrr/task-function-calling";
import {
  createPolicy,
  type Datum,
  type Engine,
  initAdapter,
  initWeights,
  mine,
  type PolicyGradientLoss,
  readModelDir,
} from "@rrr/trainer";
import { SMOLLM2, wordless } from "./shapes.ts";

const [what = "countdown", given = "5", groups = "8"] = process.argv.slice(2);
const rounds = Number(given);
const failures = Number(groups);
const groupSize = 8;
const threads = 2;

/** A prompt and what was written after it. */
interface Written {
  readonly prompt: Int32Array;
  readonly ids: Int32Array;
  readonly logprobs: Float32Array;
}

interface Work {
  readonly engine: Engine;
  readonly reflections: readonly Written[];
  /** What was asked after each: it begins with the conversation that the reflection was asked for in. */
  readonly retries: readonly Int32Array[];
}

const { engine, reflections, retries } = await open();
const lengths = reflections.map(({ prompt }) => prompt.length);
const written = reflections.map(({ ids }) => ids.length);
console.log(
  `${what}: ${reflections.length} reflections of ${spread(written)} tokens on prompts of ${spread(lengths)}`,
);

await compare("training step", (apart) => train(apart ? reflections.map(setApart) : reflections));
console.log(`prompts of retries: ${spread(retries.map(({ length }) => length))} tokens`);
await compare("reading", (apart) => read(apart));
await engine.close();

async function open(): Promise<Work> {
  switch (what) {
    case "countdown":
      return episodes(what, countdown({ preset: "small" }));
    case "function-calling":
      return episodes(what, functionCalling({ preset: "small" }));
    case "135M":
      return random(150);
    case "500":
      return random(500);
    default:
      throw new Error(`there is no ${what}: give countdown, function-calling, 135M or 500`);
  }
}

/** The same with a first token that is nobody else's. */
function setApart(one: Written, index: number): Written {
  return { ...one, prompt: withOwnStart(one.prompt, index) };
}

function withOwnStart(prompt: Int32Array, index: number): Int32Array {
  const own = prompt.slice();
  own[0] = index + 1;
  return own;
}

async function train(all: readonly Written[]): Promise<void> {
  const data = all.map(({ prompt, ids, logprobs }, i): Datum => {
    const weights = new Float32Array(ids.length).fill(i % 2 === 0 ? 1 : -1);
    return { prompt, targets: ids, logprobs, reference: logprobs, weights };
  });
  const loss: PolicyGradientLoss = {
    kind: "policy-gradient",
    clipLow: 0.2,
    clipHigh: 0.2,
    klCoefficient: 0.03,
    normalization: { kind: "dapo" },
  };
  await engine.forwardBackward(data, loss);
  await engine.optimStep({ learningRate: 0 });
}

/** Reads what a step of the algorithm reads: the prompt of each group, then that of each retry. One token each is sampled. */
async function read(apart: boolean): Promise<void> {
  // Weights that have changed leave nothing in the cache.
  await engine.optimStep({ learningRate: 0 });
  const firsts = reflections.filter((_, i) => i % groupSize === 0).map(({ prompt }) => prompt);
  for (const prompts of [firsts, apart ? retries.map(withOwnStart) : retries]) {
    await Promise.all(
      prompts.map((prompt, seed) => engine.sample(prompt, { n: 1, maxTokens: 1, temperature: 1, seed })),
    );
  }
}

/** In turn, after a round of each that compiles. */
async function compare(name: string, run: (apart: boolean) => Promise<unknown>): Promise<void> {
  const times: Record<"wall" | "cpu", [number[], number[]]> = { wall: [[], []], cpu: [[], []] };
  for (let round = 0; round <= rounds; round++) {
    for (const apart of [false, true]) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await run(apart);
      const { user, system } = process.cpuUsage(before);
      if (round === 0) continue;
      times.wall[Number(apart)]?.push((performance.now() - start) / 1000);
      times.cpu[Number(apart)]?.push((user + system) / 1e6);
    }
  }
  for (const [kind, [shared, apart]] of Object.entries(times)) {
    console.log(
      `${name.padEnd(16)}${(kind === "cpu" ? "processors" : "clock").padEnd(12)}shared ${median(shared).toFixed(3)} s   ` +
        `apart ${median(apart).toFixed(3)} s   ${(median(apart) / median(shared)).toFixed(2)} ×`,
    );
  }
}

/** Prompts and completions of the built-in model on its own task. */
async function episodes<Item>(name: string, task: Task<Item>): Promise<Work> {
  const engine = await createOnnxEngine(await readModelDir(builtinModelDir(name)), { threads, rows: 64 });
  const policy = createPolicy(engine);
  const failed: FailedAttempt<Item>[] = [];
  for await (const { failure } of mine(task, policy, task.items("train", 1), {
    limit: failures,
    concurrency: 64,
  })) {
    if (failure !== undefined) failed.push(failure);
  }
  const groups = await Promise.all(
    failed.map((failure, seed) =>
      reflectAndRetryGroup(task, policy, failure, groupSize, { seed, temperature: 1 }),
    ),
  );
  const reflections = groups.flat().flatMap((episode) => {
    const tokens = episode.kind === "reflected" ? episode.reflection.completion.tokens : undefined;
    return tokens === undefined ? [] : [tokens];
  });
  const retries = groups.flat().flatMap((episode) => {
    const tokens = episode.kind === "reflected" ? episode.reflection.retry.completion.tokens : undefined;
    return tokens === undefined ? [] : [tokens.prompt];
  });
  return { engine, reflections, retries };
}

async function random(promptLength: number): Promise<Work> {
  const model = {
    config: SMOLLM2,
    weights: initWeights(SMOLLM2, 0),
    tokenizer: wordless(SMOLLM2),
    files: new Map(),
  };
  const adapter = initAdapter(SMOLLM2, { rank: 16 });
  const engine = await createOnnxEngine(model, { threads, rows: 64, adapter });
  const token = (i: number): number => 100 + ((i * 7919) % 40_000);
  const reflections = Array.from({ length: failures * groupSize }, (_, i): Written => {
    const group = Math.floor(i / groupSize);
    return {
      prompt: Int32Array.from({ length: promptLength }, (_, p) => token(promptLength * group + p)),
      ids: Int32Array.from({ length: 32 }, (_, t) => token(50_000 + 32 * i + t)),
      logprobs: new Float32Array(32).fill(-10.8),
    };
  });
  const retries = reflections.map(({ prompt, ids }, i) => {
    return Int32Array.from([
      ...prompt,
      ...ids,
      ...Array.from({ length: 40 }, (_, t) => token(90_000 + i + t)),
    ]);
  });
  return { engine, reflections, retries };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function spread(values: readonly number[]): string {
  return `${Math.min(...values)} to ${Math.max(...values)}`;
}
