// Two steps of training, then the trained model behind an HTTP endpoint that clients of OpenAI's API can ask.

import { builtinModelDir } from "@rrr/builtin-model";
import { take } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, mine, readModelDir, resultOf, train } from "@rrr/trainer";
import { type ChatAnswer, serveChat } from "./servers/chat-completions.ts";

const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
const model = createPolicy(engine, "countdown-small");
const failures = await resultOf(mine(task, model, task.items("train", 0), { limit: 16 }));
for await (const { step, passRate } of train(task, engine, failures, { steps: 2, failuresPerStep: 8 })) {
  console.log(`step ${step}: ${(100 * passRate).toFixed(1)} % of the retries passed`);
}

const server = await serveChat(model);
for (const item of await take(task.items("test", 0), 2)) {
  const body = { model: model.id, messages: task.prompt(item), max_tokens: 128, temperature: 0, seed: 0 };
  const answer = await fetch(`${server.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  const { choices, usage } = (await answer.json()) as ChatAnswer;
  console.log(`${choices[0]?.message.content} (${choices[0]?.finish_reason}, ${usage.total_tokens} tokens)`);
}
await server.close();
await engine.close();
