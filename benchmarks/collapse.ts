/**
 * Trains the built-in Countdown model at a rate of your choice and prints a line a step, with what the guard rails say:
 * `npx tsx benchmarks/collapse.ts 8e-4 40`. The lines are those of `packages/trainer/src/fixtures/measured-steps.ts`.
 */
import { builtinModelDir } from "@rrr/builtin-model";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, createWatch, figuresOf, mine, readModelDir, resultOf, train } from "@rrr/trainer";

const [learningRate = 8e-4, steps = 40] = process.argv.slice(2).map(Number);
const failuresPerStep = 8;
const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
const limit = steps * failuresPerStep;
const failures = await resultOf(mine(task, createPolicy(engine), task.items("train", 0), { limit }));
const schedule = { learningRate, warmup: 0.03, decay: "constant" } as const;
const watch = createWatch();

for await (const report of train(task, engine, failures, { steps, failuresPerStep, schedule })) {
  const figures = figuresOf(report);
  const { groups, cut, distinct, update } = figures;
  const learned = update === undefined ? [] : [update.entropy.toFixed(3), update.gradNorm.toFixed(2)];
  console.log([groups.map(({ passed }) => passed).join(""), cut, distinct, ...learned].join(" "));
  const { warnings, collapse } = watch(figures);
  for (const { step, text } of warnings) console.error(`step ${step}: ${text}`);
  if (collapse !== undefined) break;
}
await engine.close();
