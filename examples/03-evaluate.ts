// First try, after reflection, and the controls, on held-out problems.

import { builtinModelDir } from "@rrr/builtin-model";
import { take } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, evaluate, readModelDir, resultOf } from "@rrr/trainer";

const task = countdown({ preset: "small" });
const items = await take(task.items("test", 0), 100);
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));

const evaluation = await resultOf(evaluate(task, createPolicy(engine), items, { seed: 0 }));
const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(5)} %`;
for (const [measure, { value, low, high, of }] of Object.entries(evaluation.rates)) {
  // A share is known where no sample errored; else there are its `bounds`.
  const share = value === undefined ? "unknown" : percent(value);
  console.log(`${measure.padEnd(12)} ${share}   95 %: ${percent(low)} to ${percent(high)}   of ${of}`);
}
await engine.close();
