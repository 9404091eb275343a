// The whole run: evaluate, collect failures, train, evaluate again, compare. The table is the one that `rrr run` prints.

import { builtinModelDir } from "@rrr/builtin-model";
import { take } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { reportText, toResult } from "@rrr/runs";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, evaluate, mine, readModelDir, resultOf, train } from "@rrr/trainer";

const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
const policy = createPolicy(engine, "builtin");
const items = await take(task.items("test", 0), 25);

const before = await resultOf(evaluate(task, policy, items));
const failures = await resultOf(mine(task, policy, task.items("train", 0), { limit: 16 }));
for await (const { step, passRate } of train(task, engine, failures, { steps: 2, failuresPerStep: 8 })) {
  console.error(`step ${step}: ${(100 * passRate).toFixed(1)} % of the retries passed`);
}
const after = await resultOf(evaluate(task, policy, items));
const header = { task: task.name, model: policy.id, seed: 0, steps: 2, reward: "retry" } as const;
console.log(reportText(toResult(header, before, after)));
await engine.close();
