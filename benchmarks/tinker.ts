/**
 * `pnpm bench:tinker [--steps 20] [--seeds 3] [--rank 16] [--json]`: does an adapter learn the same on a server as in the
 * embedded engine? `rrr serve --tinker builtin --lora` in a process of its own, and the engine `onnx` with the same rank and
 * alpha, train on the same failures with the same seeds, one after the other.
 *
 *   1. The first step's gradient norm, for each loss: within 1e-3 of each other.
 *   2. What passed in the last five steps: the 95 % intervals overlap, for each seed.
 *   3. Processor time of the client beside the time that passed: at most 5 %.
 *
 * Build first: the server that runs is the one that users install.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { wilson } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { createTinkerEngine } from "@rrr/engine-tinker";
import { countdown } from "@rrr/task-countdown";
import {
  createPolicy,
  type Engine,
  initAdapter,
  type MinedFailure,
  mine,
  readModelDir,
  resultOf,
  type TrainSettings,
  train,
} from "@rrr/trainer";
import { startRrrServe } from "./servers/rrr-serve.ts";
import { scratchFolder } from "./servers/scratch.ts";

const LAST = 5;
const NORMS_WITHIN = 1e-3;
const MOST_OWN_TIME = 0.05;

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "20" },
    seeds: { type: "string", default: "3" },
    rank: { type: "string", default: "16" },
    failures: { type: "string", default: "24" },
    json: { type: "boolean", default: false },
  },
});
const [steps, seeds, rank, failuresPerStep] = [values.steps, values.seeds, values.rank, values.failures].map(
  (text) => {
    const number = Number(text);
    if (Number.isSafeInteger(number) && number > 0) return number;
    throw new Error(`${text} is not a whole number from 1`);
  },
) as [number, number, number, number];

/** The losses that both engines have. */
const LOSSES: Readonly<Record<string, Partial<TrainSettings>>> = {
  dapo: { normalization: "dapo" },
  grpo: { normalization: "grpo" },
  dr_grpo: { normalization: "dr_grpo" },
  gspo: { surrogate: "gspo", normalization: "grpo" },
  cispo: { surrogate: "cispo" },
  "k3-loss": { klCoefficient: 0.05 },
  "k1-reward": { klCoefficient: 0.05, klPenalty: "k1-reward" },
};

const task = countdown({ preset: "small" });
const dir = builtinModelDir("countdown");
const model = await readModelDir(dir);
const embedded = (): Promise<Engine> =>
  createOnnxEngine(model, { adapter: initAdapter(model.config, { rank }) });

type Failures = readonly MinedFailure<Parameters<typeof task.verify>[0]>[];

interface Trained {
  readonly passRates: readonly number[];
  readonly gradNorms: readonly number[];
  readonly seconds: number;
  /** Processor time of this process. */
  readonly ownSeconds: number;
}

async function trained(
  engine: Engine,
  failures: Failures,
  settings: Partial<TrainSettings>,
  reference?: Engine,
): Promise<Trained> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  const passRates: number[] = [];
  const gradNorms: number[] = [];
  const asked = { failuresPerStep, groupSize: 8, ...settings };
  const held = reference === undefined ? asked : { ...asked, reference };
  for await (const { step, passRate, update } of train(task, engine, failures, held)) {
    passRates.push(passRate);
    gradNorms.push(update?.gradNorm ?? 0);
    process.stderr.write(`\r  ${engine.name}: step ${step}, ${passRate.toFixed(3)} passed   `);
  }
  process.stderr.write("\n");
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - started) / 1000;
  return { passRates, gradNorms, seconds, ownSeconds: (user + system) / 1e6 };
}

const scratch = scratchFolder("bench-tinker");
const server = await startRrrServe(join(scratch, "checkpoints"), ["--lora"]);

try {
  const { baseURL: baseUrl } = server;
  const remote = (): Promise<Engine> =>
    createTinkerEngine({ baseUrl, model: "countdown", folder: dir, tokenizer: model.tokenizer, rank });
  const ways = { embedded, server: remote };
  const opened = async <Result>(
    way: keyof typeof ways,
    work: (engine: Engine) => Promise<Result>,
  ): Promise<Result> => {
    const engine = await ways[way]();
    try {
      return await work(engine);
    } finally {
      await engine.close();
    }
  };
  const failuresOf = (seed: number, limit: number): Promise<Failures> =>
    opened("embedded", (engine) =>
      resultOf(mine(task, createPolicy(engine), task.items("train", seed), { seed, limit })),
    );

  const norms: { loss: string; embedded: number; server: number; apart: number }[] = [];
  const few = await failuresOf(100, 8);
  for (const [loss, settings] of Object.entries(LOSSES)) {
    const first = (way: keyof typeof ways): Promise<number> =>
      opened(way, async (engine) => {
        const needs = (settings.klCoefficient ?? 0) > 0 && engine.initial === undefined;
        const reference = needs ? await ways[way]() : (engine.initial as Engine | undefined);
        const asked = { ...settings, steps: 1, failuresPerStep: 8 };
        const { gradNorms } = await trained(engine, few, asked, reference);
        if (needs) await reference?.close();
        return gradNorms[0] ?? Number.NaN;
      });
    const [here, there] = [await first("embedded"), await first("server")];
    norms.push({ loss, embedded: here, server: there, apart: Math.abs(there / here - 1) });
    process.stderr.write(`  ${JSON.stringify(norms.at(-1))}\n`);
  }

  const runs: { seed: number; embedded: Trained; server: Trained }[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const failures = await failuresOf(seed, steps * failuresPerStep);
    const run = (way: keyof typeof ways): Promise<Trained> =>
      opened(way, (engine) => trained(engine, failures, { seed, steps }));
    runs.push({ seed, embedded: await run("embedded"), server: await run("server") });
    process.stderr.write(`  ${JSON.stringify(runs.at(-1))}\n`);
  }
  report(norms, runs);
} finally {
  await server.close();
}

/** Over the last steps: each retry counts as a draw of its own, so that the interval is narrower than it should be. */
function lastOf({ passRates }: Trained): { value: number; low: number; high: number } {
  const last = passRates.slice(-LAST);
  const value = last.reduce((sum, rate) => sum + rate, 0) / last.length;
  const of = last.length * failuresPerStep * 8;
  return wilson(Math.round(value * of), of);
}

function report(
  norms: readonly { loss: string; embedded: number; server: number; apart: number }[],
  runs: readonly { seed: number; embedded: Trained; server: Trained }[],
): void {
  const last = runs.map(({ seed, embedded: here, server: there }) => {
    const [one, other] = [lastOf(here), lastOf(there)];
    const overlap = one.low <= other.high && other.low <= one.high;
    return { seed, embedded: one, server: other, overlap, ownShare: there.ownSeconds / there.seconds };
  });
  const holds =
    norms.every(({ apart }) => apart <= NORMS_WITHIN) &&
    last.every(({ overlap, ownShare }) => overlap && ownShare <= MOST_OWN_TIME);
  if (!holds) process.exitCode = 1;
  if (values.json) {
    console.log(JSON.stringify({ steps, rank, failuresPerStep, norms, last, runs, holds }));
    return;
  }
  console.log("| loss | gradient norm, embedded | on the server | apart |\n| --- | --- | --- | --- |");
  for (const { loss, embedded: here, server: there, apart } of norms) {
    console.log(`| ${loss} | ${here.toPrecision(6)} | ${there.toPrecision(6)} | ${apart.toExponential(1)} |`);
  }
  const percent = (share: number): string => (100 * share).toFixed(1);
  const shown = ({ value, low, high }: ReturnType<typeof lastOf>): string =>
    `${percent(value)} (${percent(low)}–${percent(high)})`;
  console.log(
    `\n| seed | last ${LAST} steps, embedded | on the server | overlap | seconds | client's own time |`,
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const [i, { seed, embedded: here, server: there, overlap, ownShare }] of last.entries()) {
    const times = [runs[i]?.embedded.seconds, runs[i]?.server.seconds].map((time) => time?.toFixed(0));
    const cells = [seed, shown(here), shown(there), overlap ? "yes" : "NO", times.join(" · ")];
    console.log(`| ${cells.join(" | ")} | ${percent(ownShare)} % |`);
  }
}
