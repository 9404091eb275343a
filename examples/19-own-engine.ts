// An engine of one's own: its conformance suite, then a few steps of training on it.
import { builtinModelDir } from "@rrr/builtin-model";
import { defineTask, fail, pass, schemaOf } from "@rrr/core";
import { createPolicy, loadTokenizer, mine, resultOf, train } from "@rrr/trainer";
import { testEngine } from "@rrr/trainer/testing";
import tiny, { createTinyEngine } from "./engines/tiny.ts";

const model = builtinModelDir("countdown");
const tokenizer = await loadTokenizer(model);
const { findings, untested } = await testEngine(async () => createTinyEngine(tokenizer));
for (const { code, message } of findings) throw new Error(`${code}: ${message}`);
for (const { what, why } of untested) console.log(`not tested: ${what}, because ${why}`);

// Half of what an untrained model writes passes; numbers in the answer are what it can learn to write.
const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);
const task = defineTask<number>({
  name: "digits",
  schema: schemaOf(isNumber, "a whole number"),
  *items(split) {
    for (let n = split === "test" ? 1 : 0; ; n += 2) yield n;
  },
  prompt: (n) => [{ role: "user", content: `${n}` }],
  verify: (_, completion) => (/^[^a-z]*\d/.test(completion) ? pass() : fail("no-digit")),
  limits: { attempt: 4, reflection: 8 },
});
const engine = await tiny.open({ model, options: { seed: 1 } });
const failures = await resultOf(mine(task, createPolicy(engine), task.items("train", 0), { limit: 16 }));
for await (const { step, update } of train(task, engine, failures, { steps: 3, failuresPerStep: 8 })) {
  console.log(
    `step ${step}: ${update === undefined ? "nothing to learn" : `|g| = ${update.gradNorm.toFixed(3)}`}`,
  );
}
await engine.close();
