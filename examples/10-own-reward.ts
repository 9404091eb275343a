// A custom reward: as usual, and among reflections that led to a right retry the shorter ones earn a little more.
import { builtinModelDir } from "@rrr/builtin-model";
import { tokenCount } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, mine, type RewardFunction, readModelDir, resultOf, train } from "@rrr/trainer";

const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
const failures = await resultOf(mine(task, createPolicy(engine), task.items("train", 0), { limit: 16 }));

const reward: RewardFunction = ({ reflection: { completion, retry } }) => {
  if (retry.verdict.kind !== "pass") return 0;
  return 1 - (0.1 * (tokenCount(completion) ?? 0)) / task.limits.reflection;
};

// Divided by their group's spread, differences in length alone would weigh as much as right against wrong.
const settings = { steps: 2, failuresPerStep: 8, reward, advantageScale: "none" } as const;
for await (const { step, groups, passRate, reflectionTokens } of train(task, engine, failures, settings)) {
  const best = Math.max(...groups.flatMap(({ rewards_G }) => rewards_G.map((earned) => earned ?? 0)));
  const figures = [passRate.toFixed(3), best.toFixed(3), reflectionTokens.toFixed(1)];
  console.log(
    `step ${step}: ${figures[0]} passed, best reward ${figures[1]}, ${figures[2]} tokens a reflection`,
  );
}
await engine.close();
