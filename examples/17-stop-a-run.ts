// Work that is watched and stopped from outside: progress as it comes, an abort signal, errors by code, an end.
import { builtinModelDir } from "@rrr/builtin-model";
import { RrrError, take } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, evaluate, readModelDir } from "@rrr/trainer";

const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
const items = await take(task.items("test", 0), 500);
const controller = new AbortController();
try {
  const { signal } = controller;
  for await (const { part, done, total } of evaluate(task, createPolicy(engine), items, { signal })) {
    if (done % 10 === 0) console.log(`${part}: ${done} of ${total}`);
    if (done === 30) controller.abort(new Error("somebody closed the page"));
  }
} catch (error) {
  if (!RrrError.is(error, "aborted")) throw error;
  console.log(`${error.code}: ${error.message}; because ${error.cause}`);
} finally {
  await engine.close();
}
