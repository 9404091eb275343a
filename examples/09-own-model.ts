// A custom model: it answers what most of eight samples say. The suite says whether it keeps the contract.
import { builtinModelDir } from "@rrr/builtin-model";
import { type Completion, deriveKey, type Model, take } from "@rrr/core";
import { assertModelConforms } from "@rrr/core/testing";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, evaluate, readModelDir, resultOf } from "@rrr/trainer";

const answerOf = ({ text }: Completion): string => /<answer>(.*?)<\/answer>/s.exec(text)?.[1] ?? text;

function voting(model: Model, samples: number): Model {
  return {
    id: `${model.id}, majority of ${samples}`,
    async generate(prompt, { n = 1, seed, ...options }) {
      const draw = async (i: number): Promise<Completion> => {
        const drawn = await model.generate(prompt, { ...options, seed: deriveKey(seed, i), n: samples });
        const votes = (one: Completion) => drawn.filter((other) => answerOf(other) === answerOf(one)).length;
        const [{ text, finish }] = drawn.toSorted((a, b) => votes(b) - votes(a)) as [Completion];
        return { text, finish };
      };
      return Promise.all(Array.from({ length: n }, (_, i) => draw(i)));
    },
  };
}

const task = countdown({ preset: "small" });
const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
const policy = createPolicy(engine, "built-in model");
const items = await take(task.items("test", 0), 40);
await assertModelConforms(voting(policy, 8));

for (const model of [policy, voting(policy, 8)]) {
  const evaluation = evaluate(task, model, items, { controls: false, greedy: false });
  const { first, after } = (await resultOf(evaluation)).rates;
  console.log(
    `${model.id}: first try ${first?.passed}, after reflection ${after?.passed} of ${items.length}`,
  );
}
await engine.close();
