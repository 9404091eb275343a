// Collect failures, then a few steps of Reflect, Retry, Reward. `train()` yields a report a step; the loop is yours.
import { builtinModelDir } from "@rrr/builtin-model";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, mine, readModelDir, resultOf, train } from "@rrr/trainer";

const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));

const mining = mine(task, createPolicy(engine), task.items("train", 0), { limit: 32 });
const failures = await resultOf(mining);
console.log(`${failures.length} failed attempts to reflect on`);

for await (const report of train(task, engine, failures, { steps: 3, failuresPerStep: 12 })) {
  const { step, passRate, kept, dropped, update } = report;
  const change = update === undefined ? "no gradient" : `gradient norm ${update.gradNorm.toFixed(3)}`;
  console.log(
    `step ${step}: pass rate ${passRate.toFixed(3)}, groups ${kept} kept, ${dropped} dropped, ${change}`,
  );
}
await engine.close();
