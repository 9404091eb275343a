/**
 * `pnpm bench:trl [--shape countdown|135M] [--rounds 9] [--warm-up 12] [--failures 8] [--group 8] [--tools DIR] [--json]`: a whole step of Reflect,
 * Retry, Reward beside TRL.
 *
 * A step samples a group of reflections on each failure and a retry after each, has the retries verified and trains the
 * reflections. TRL's GRPOTrainer does it as examples/trl does, with verdicts of `rrr verify`. The same model, failures mined in
 * the same way, the same settings, in turn, all threads to each. So that both train every episode, whatever the model can do,
 * every second episode of a group is given the reward, and the learning rate is too small to change what is written. Medians
 * after `--warm-up` steps of each, in which graphs of most shapes are compiled: a run has hundreds. And the ratio of this run.
 *
 * `countdown`: the built-in model, all weights. `135M`: a folder of SmolLM2's shape (`--model`), LoRA of rank 16, reflections
 * and retries of at most 32 tokens. Build first.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, initAdapter, mine, readModelDir, resultOf, train } from "@rrr/trainer";
import { scratchFolder } from "../servers/scratch.ts";
import { inTurn, medianOf } from "./in-turn.ts";
import { startPython } from "./python-program.ts";
import { scratchPython } from "./scratch-python.ts";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    rounds: { type: "string", default: "9" },
    "warm-up": { type: "string", default: "12" },
    failures: { type: "string", default: "8" },
    group: { type: "string", default: "8" },
    tools: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const threads = availableParallelism();
const [rounds, warmUp, failuresPerStep, groupSize] = [
  values.rounds,
  values["warm-up"],
  values.failures,
  values.group,
].map(Number) as [number, number, number, number];
const isOwn = values.model === undefined;
const dir = isOwn ? builtinModelDir("countdown") : resolve(values.model as string);
const rank = isOwn ? 0 : 16;
const limits = isOwn
  ? { attempt: 80, reflection: 112, retry: 80 }
  : { attempt: 32, reflection: 32, retry: 32 };
const learningRate = 1e-7;

const scratch = scratchFolder("bench-trl");
const rrr = fileURLToPath(new URL("../../packages/cli/bin/rrr.js", import.meta.url));
const task = countdown({ preset: "small" });
const model = await readModelDir(dir);
const adapter = rank > 0 ? { adapter: initAdapter(model.config, { rank, alpha: 2 * rank }) } : {};
const engine = await createOnnxEngine(model, { threads, ...adapter });
const failures = await resultOf(
  mine(task, createPolicy(engine), task.items("train", 0), { seed: 0, limit: 4 * failuresPerStep, limits }),
);
let asked = 0;
const steps = train(task, engine, failures, {
  ...{ steps: rounds + warmUp, failuresPerStep, groupSize, klCoefficient: 0, limits },
  schedule: { learningRate, warmup: 0, decay: "constant" },
  reward: () => asked++ % 2,
});

const python = scratchPython(values.tools);
const trl = await startPython(python, [
  fileURLToPath(new URL("trl_steps.py", import.meta.url)),
  JSON.stringify({
    ...{ model: dir, failures: exported(), out: join(scratch, "trl"), threads, rank, steps: rounds + warmUp },
    ...{
      failuresPerStep,
      groupSize,
      batchEpisodes: isOwn ? failuresPerStep * groupSize : groupSize,
      learningRate,
    },
    ...{ reflectionTokens: limits.reflection, attemptTokens: limits.retry },
    verify: `'${process.execPath}' '${rrr}' verify countdown --quiet`,
  }),
]);
const times = await inTurn(
  [
    {
      name: "rrr",
      async round() {
        const { value } = await steps.next();
        if (value === undefined) throw new Error("no step is left");
        return value.seconds.sampling + value.seconds.update;
      },
    },
    { name: "TRL", round: async () => Number((await trl.ask("step")).seconds) },
  ],
  rounds,
  warmUp,
);
await Promise.all([engine.close(), trl.close()]);

const own = medianOf(times, "rrr");
const episodes = failuresPerStep * groupSize;
if (!values.json)
  console.log(
    `${episodes} episodes a step · TRL ${trl.greeting.trl}, PyTorch ${trl.greeting.torch} · ${threads} threads · ${rounds} rounds in turn`,
  );
for (const [who, all] of times) {
  const median = medianOf(times, who);
  if (values.json) {
    console.log(JSON.stringify({ name: who, episodes, seconds: median, ratio: median / own }));
    continue;
  }
  const ratio = who === "rrr" ? "" : `rrr is ${(median / own).toFixed(2)} × as fast`;
  const spread = `${all[0]?.toFixed(2)} to ${all.at(-1)?.toFixed(2)} s`;
  console.log(`${who.padEnd(6)}${median.toFixed(3).padStart(8)} s a step   ${spread.padEnd(18)}   ${ratio}`);
}

/** The failures of a run of the built-in model, as TRL reads them. */
function exported(): string {
  const quick = ["--steps", "1", "--failures-per-step", "1", "--limit", "1"];
  cli("run", "countdown", ...quick, "--failures", `${4 * failuresPerStep}`, "--out", "mined", "--quiet");
  cli("export", "mined", "--what", "failures", "--out", "failures.jsonl");
  return join(scratch, "failures.jsonl");
}

function cli(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [rrr, ...args], {
    cwd: scratch,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`rrr ${args.join(" ")} ended with ${status}`);
}
