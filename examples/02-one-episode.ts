// Attempt, verdict, reflection, retry, verdict: until the built-in model has one where the retry passes.
import { builtinModelDir } from "@rrr/builtin-model";
import { runEpisode, take } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, readModelDir } from "@rrr/trainer";

const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
const model = createPolicy(engine);

for (const [seed, item] of (await take(task.items("test", 0), 200)).entries()) {
  const episode = await runEpisode(task, model, item, { seed, temperature: 1 });
  if (episode.kind !== "reflected") continue;
  const { completion, retry } = episode.reflection;
  if (retry.verdict.kind !== "pass") continue;
  console.log("problem   ", JSON.stringify(item));
  console.log("attempt   ", episode.attempt.completion.text);
  console.log("reflection", completion.text);
  console.log("retry     ", retry.completion.text);
  break;
}
await engine.close();
